import ModelFiles
import NIOHTTP1
import Testing

@testable import ModelStore

/// Pulls from a server that behaves as the hub does: it lists, and redirects to another server.
@Suite(.timeLimit(.minutes(20)))
struct HubTests {
    private static let token = "hf_secret"

    /// A hub whose files lie on another server; both run while the body does.
    private func serving(
        _ files: [String: ServedFile], listing: String? = nil,
        _ body: (_ hub: WebServer, _ store: WebServer, _ environment: [String: String])
            async throws -> Void
    ) async throws {
        let store: @Sendable (WebServer.Request, Int) -> WebServer.Response = { request, _ in
            let path = request.uri.prefix { $0 != "?" }.dropFirst("/blobs/".count)
            return files[String(path)]?.response(to: request) ?? .init(status: .notFound)
        }
        try await WebServer.serving(store) { store in
            let origin = store.origin
            let hub: @Sendable (WebServer.Request, Int) -> WebServer.Response = { request, _ in
                if request.uri == "/api/models/owner/tiny/tree/main?recursive=true" {
                    return WebServer.Response(body: Array((listing ?? "[]").utf8))
                }
                for (path, file) in files
                where request.uri == "/owner/tiny/resolve/main/\(path)" {
                    return file.redirect(to: "\(origin)/blobs/\(path)?signature=x")
                }
                return .init(status: .notFound)
            }
            try await WebServer.serving(hub) { hub in
                try await body(
                    hub, store, ["HF_ENDPOINT": hub.origin, "HF_TOKEN": HubTests.token])
            }
        }
    }

    @Test func `the token goes to the hub and to nobody else`() async throws {
        let file = ServedFile.model()
        let test = try PullTest()
        try await serving(["tiny.gguf": file]) { hub, store, environment in
            let outcome = try await test.puller(environment: environment, connections: 3)
                .pull("hf:owner/tiny:tiny.gguf")
            #expect(outcome.sums == [file.sum])
            #expect(!hub.requests.isEmpty && !store.requests.isEmpty)
            #expect(hub.requests.allSatisfy { $0.authorization == "Bearer \(HubTests.token)" })
            #expect(store.requests.allSatisfy { $0.authorization == nil })
            #expect(!store.requests.contains { "\($0.headers)".contains(HubTests.token) })
        }
        #expect(test.contents("tiny.gguf") == file.bytes)
    }

    @Test func `no server but the hub ever gets the token`() async throws {
        let file = ServedFile.model(kibibytes: 4)
        let test = try PullTest()
        try await WebServer.serving({ request, _ in file.response(to: request) }) { server in
            let environment = ["HF_ENDPOINT": server.origin, "HF_TOKEN": HubTests.token]
            _ = try await test.puller(environment: environment).pull("\(server.origin)/a.gguf")
            #expect(server.requests.allSatisfy { $0.authorization == nil })
        }
    }

    @Test func `the sum that the hub announces is checked`() async throws {
        let file = ServedFile.model(seed: 1)
        let other = ServedFile.model(seed: 2)
        let test = try PullTest()
        let store: @Sendable (WebServer.Request, Int) -> WebServer.Response = { request, _ in
            other.response(to: request)
        }
        try await WebServer.serving(store) { store in
            let address = store.origin + "/x"
            try await WebServer.serving({ _, _ in file.redirect(to: address) }) { hub in
                let error = await #expect(throws: ModelStoreError.self) {
                    try await test.puller(environment: ["HF_ENDPOINT": hub.origin])
                        .pull("hf:owner/tiny:tiny.gguf")
                }
                #expect(error?.code == .checksumMismatch)
            }
        }
        #expect(try test.files.isEmpty)
    }

    @Test func `a file other than the pinned one is refused before it is downloaded`() async throws
    {
        let file = ServedFile.model()
        let test = try PullTest()
        try await serving(["tiny.gguf": file]) { _, store, environment in
            let sum = String(repeating: "1", count: 64)
            let error = await #expect(throws: ModelStoreError.self) {
                try await test.puller(environment: environment)
                    .pull("hf:owner/tiny:tiny.gguf#sha256=\(sum)")
            }
            #expect(error?.code == .checksumMismatch)
            #expect(store.requests.count == 1)
        }
    }

    @Test func `without a file the usual one is chosen`() async throws {
        let file = ServedFile.model(kibibytes: 4)
        let test = try PullTest()
        let listing = """
            [{"type":"directory","path":"old"},
             {"type":"file","path":"README.md","size":5},
             {"type":"file","path":"tiny-Q8_0.gguf","size":5,"oid":"x"},
             {"type":"file","path":"tiny-Q4_K_M.gguf","lfs":{"oid":"y"}},
             {"type":"file","path":"../../tiny-Q4_K_M.gguf"},
             {"type":"file","path":"/etc/tiny-Q4_K_M.gguf"},
             {"type":"file","path":"mmproj-Q4_K_M.gguf"}]
            """
        let files = ["tiny-Q4_K_M.gguf": file]
        try await serving(files, listing: listing) { _, _, environment in
            let outcome = try await test.puller(environment: environment).pull("hf:owner/tiny")
            #expect(outcome.model.name == "tiny")
        }
        #expect(test.contents("tiny.gguf") == file.bytes)
    }

    @Test(arguments: [
        ("[]", ModelStoreError.Code.missingRemotely, "no GGUF file"),
        ("not JSON", .refused, "as the hub does"),
        (
            #"[{"type":"file","path":"a-Q8_0.gguf"},{"type":"file","path":"b-Q6_K.gguf"}]"#,
            .invalidSource, "hf:owner/tiny:b-Q6_K.gguf"
        ),
        (#"[{"type":"file","path":"../x.gguf"}]"#, .missingRemotely, "no GGUF file"),
        (#"[{"type":"file","path":"a/../../x.gguf"}]"#, .missingRemotely, "no GGUF file"),
    ])
    func `a listing without a clear choice is an error`(
        listing: String, code: ModelStoreError.Code, hint: String
    ) async throws {
        let test = try PullTest()
        try await serving([:], listing: listing) { _, _, environment in
            let error = await #expect(throws: ModelStoreError.self) {
                try await test.puller(environment: environment).pull("hf:owner/tiny")
            }
            #expect(error?.code == code)
            #expect(error?.message.contains(hint) == true, "\(error?.message ?? "")")
        }
    }

    @Test func `a split model comes with all its parts`() async throws {
        let parts = (0..<3).map { ServedFile.part($0, of: 3) }
        let names = (1...3).map { "big-Q8_0-0000\($0)-of-00003.gguf" }
        let files = Dictionary(uniqueKeysWithValues: zip(names, parts))
        let listing =
            "[" + names.map { #"{"type":"file","path":"\#($0)"}"# }.joined(separator: ",") + "]"
        let test = try PullTest()
        try await serving(files, listing: listing) { _, _, environment in
            let outcome = try await test.puller(environment: environment).pull("hf:owner/tiny")
            #expect(outcome.model.name == "tiny")
            #expect(outcome.sums == parts.map(\.sum))
            #expect(outcome.model.files.count == 3)
        }
        #expect(try test.files == (1...3).map { "tiny-0000\($0)-of-00003.gguf" })
        let file = try GGUFFile.open(test.store.resolve("tiny"))
        #expect(file.tensors.map(\.name) == ["t0", "t1", "t2"])
    }

    @Test func `a split model that lacks a part is not installed and goes on later`() async throws {
        let parts = (0..<2).map { ServedFile.part($0, of: 2) }
        let test = try PullTest()
        let source = "hf:owner/tiny:big-00001-of-00002.gguf"
        try await serving(["big-00001-of-00002.gguf": parts[0]]) { _, _, environment in
            let error = await #expect(throws: ModelStoreError.self) {
                try await test.puller(environment: environment).pull(source)
            }
            #expect(error?.code == .missingRemotely)
        }
        #expect(try test.store.installed().isEmpty)
        let files = ["big-00001-of-00002.gguf": parts[0], "big-00002-of-00002.gguf": parts[1]]
        try await serving(files) { _, store, environment in
            let outcome = try await test.puller(environment: environment).pull(source)
            #expect(outcome.model.name == "big")
            // Of the first part only its presence is asked after again.
            #expect(store.requests.compactMap(\.range).filter { $0.count > 1 }.count == 1)
        }
    }

    @Test func `a repository that is not there says how it might be`() async throws {
        let test = try PullTest()
        try await WebServer.serving({ _, _ in .init(status: .unauthorized) }) { hub in
            let error = await #expect(throws: ModelStoreError.self) {
                try await test.puller(environment: ["HF_ENDPOINT": hub.origin])
                    .pull("hf:owner/tiny")
            }
            #expect(error?.code == .unauthorized)
            #expect(error?.message.contains("HF_TOKEN") == true)
        }
    }

    @Test(arguments: ["http://hub.example", "ftp://x", "nonsense", "https://u:p@hub.example"])
    func `an endpoint that is not safe is refused`(endpoint: String) {
        #expect(throws: ModelStoreError.self) { try Hub(environment: ["HF_ENDPOINT": endpoint]) }
    }

    @Test func `a token with line breaks is refused`() {
        #expect(throws: ModelStoreError.self) {
            try Hub(environment: ["HF_TOKEN": "a\r\nX-Injected: 1"])
        }
    }

    @Test func `an empty endpoint and token mean none`() throws {
        let hub = try Hub(environment: ["HF_ENDPOINT": "", "HF_TOKEN": ""])
        #expect(hub.endpoint.origin.host == "huggingface.co" && hub.credentials == nil)
    }
}
