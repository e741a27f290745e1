import Testing

@testable import ModelStore

struct ModelSourceTests {
    @Test(arguments: [
        "hf:Qwen/Qwen2.5-0.5B-Instruct-GGUF",
        "hf:owner/repository:file.gguf",
        "hf:owner/repository:folder/file.gguf@refs/pr/1",
        "hf:owner/repository@0123abc",
        "pip:package==1.0",
        "pip:a-b_c.d==1.0.0rc1,e==2!3.0+local.1",
        "https://example.org/a/b.gguf",
        "https://example.org:8443/b.gguf",
        "http://127.0.0.1:8080/b.gguf",
        "http://localhost/b.gguf",
    ])
    func `a source is written as it was read`(text: String) throws {
        let source = try ModelSource(parsing: text)
        #expect(source.description == text)
        #expect(source.sha256 == nil)
        let sum = String(repeating: "ab", count: 32)
        #expect(try ModelSource(parsing: "\(text)#sha256=\(sum)").sha256?.description == sum)
    }

    @Test(arguments: [
        "", "gemma", "ftp://example.org/x", "file:///etc/passwd",
        "hf:", "hf:owner", "hf:owner/", "hf:/repository", "hf:a/b/c", "hf:../b", "hf:a/..",
        "hf:a/b:", "hf:a/b:../x.gguf", "hf:a/b:x/../y.gguf", "hf:a/b:/x.gguf", "hf:a/b:x.bin",
        "hf:a/b:x y.gguf", "hf:a/b:x.gguf?download=1", "hf:a/b@", "hf:a/b@..", "hf:a/b@x#y",
        "hf:a/b:%2e%2e/x.gguf",
        "pip:", "pip:package", "pip:package>=1", "pip:package==", "pip:==1.0",
        "pip:--index-url==1.0", "pip:-r==1", "pip:package==1.0 --pre", "pip:package==1.0;x",
        "pip:package @ https://example.org/x.whl", "pip:./local==1", "pip:a==1,,b==1",
        "pip:package==--pre", "pip:package[extra]==1.0", "pip:a==1\n--pre",
        "http://example.org/x.gguf", "https://", "https:///x", "https://user:secret@host/x.gguf",
        "https://host/x.gguf#sha256=abc",
    ])
    func `what is no source is refused`(text: String) {
        #expect(throws: ModelStoreError.self) { try ModelSource(parsing: text) }
    }

    @Test func `an address shows no secrets`() throws {
        let address = try WebAddress("https://host/x.gguf?signature=secret")
        #expect("\(address)" == "https://host/x.gguf")
    }

    @Test(arguments: [
        ("hf:owner/Tiny-GGUF", "tiny-gguf"),
        ("hf:owner/repository:Folder/Tiny-Q4_K_M.gguf", "tiny-q4_k_m"),
        ("hf:owner/repository:big-00001-of-00003.gguf", "big"),
        ("pip:My_Package==1.0,other==1.0", "my_package"),
        ("https://host/models/a%20b.gguf", "a-b"),
    ])
    func `a source suggests a name`(text: String, name: String) throws {
        #expect(try ModelSource(parsing: text).defaultName?.rawValue == name)
    }

    @Test func `the packages of a long list are bounded`() {
        let list = (0...ModelStoreLimits.packages).map { "p\($0)==1" }.joined(separator: ",")
        #expect(throws: ModelStoreError.self) { try ModelSource(parsing: "pip:" + list) }
    }

    @Test func `every row of the catalogue is sound`() throws {
        for row in Catalogue.rows {
            #expect(try ModelName(row.name).rawValue == row.name)
            #expect(!row.sources.isEmpty && row.byteCount > 0)
            for text in row.sources {
                let source = try ModelSource(parsing: text)
                if case .packages = source.place {
                    #expect(source.sha256 != nil, "\(row.name): packages are pinned by a sum")
                }
            }
        }
        #expect(Set(Catalogue.rows.map(\.name)).count == Catalogue.rows.count)
        #expect(Catalogue.entry(named: "gemma-3-270m")?.sources.count == 1)
        #expect(Catalogue.entry(named: "none") == nil)
    }
}

struct WebAddressTests {
    @Test func `a redirect may not lead to plain http or to this machine`() throws {
        let hub = try WebAddress("https://hub.example/a/b")
        #expect(try hub.redirected(to: "/c").text == "https://hub.example/c")
        #expect(try hub.redirected(to: "https://cdn.example/x").origin.host == "cdn.example")
        for location in [
            "http://cdn.example/x", "http://127.0.0.1/x", "https://localhost/x", "file:///x",
            "https://user@cdn.example/x",
        ] {
            #expect(throws: ModelStoreError.self) { try hub.redirected(to: location) }
        }
        let local = try WebAddress("http://127.0.0.1:1/a")
        #expect(try local.redirected(to: "http://127.0.0.1:2/b").origin.port == 2)
        #expect(throws: ModelStoreError.self) { try local.redirected(to: "http://cdn.example/") }
    }

    @Test func `origins differ by scheme, host and port`() throws {
        let one = try WebAddress("https://hub.example/a").origin
        #expect(try WebAddress("https://HUB.example:443/b").origin == one)
        #expect(try WebAddress("https://hub.example:444/a").origin != one)
        #expect(try WebAddress("https://hub.example.org/a").origin != one)
    }

    @Test func `the proxy of the environment has exceptions`() throws {
        let rule = try #require(
            try ProxyRule(environment: [
                "HTTPS_PROXY": "http://me:pw@proxy.example:3128",
                "no_proxy": "inner.example, .corp.example,*.lab.example",
            ]))
        #expect(rule.host == "proxy.example" && rule.port == 3128 && rule.user == "me")
        #expect(rule.applies(to: try WebAddress("https://huggingface.co/x")))
        #expect(rule.applies(to: try WebAddress("https://notinner.example/x")))
        for host in ["inner.example", "a.inner.example", "x.corp.example", "y.lab.example"] {
            #expect(!rule.applies(to: try WebAddress("https://\(host)/x")), "\(host)")
        }
        #expect(!rule.applies(to: try WebAddress("http://127.0.0.1:9/x")))
        #expect(try ProxyRule(environment: [:]) == nil)
        #expect(try ProxyRule(environment: ["https_proxy": ""]) == nil)
    }

    @Test(arguments: [
        "http://u:secret@", "socks5://u:secret@proxy", "https://secret:1", "a secret",
    ])
    func `a proxy that is not understood is an error without its text`(text: String) throws {
        for name in ["https_proxy", "HTTPS_PROXY", "all_proxy"] {
            let error = #expect(throws: ModelStoreError.self) {
                _ = try ProxyRule(environment: [name: text])
            }
            let message = try #require(error).message
            #expect(message.contains("https_proxy") && !message.contains("secret"))
        }
    }
}
