import Foundation
import Testing

@testable import ModelStore

/// What a person's word for a model means.
struct ReferenceTests {
    @Test func `a word is a file, an installed model, or one to pull`() throws {
        let test = try PullTest()
        try test.write([1, 2, 3], to: "mine.gguf")
        let path = test.store.folder + "/mine.gguf"
        #expect(try test.store.find(path) == .file(path))
        let mine = try #require(try test.store.installed().first)
        #expect(try test.store.find("mine") == .installed(mine))
        // The name that the source gives is taken.
        #expect(try test.store.find("hf:owner/repository:Mine.gguf") == .installed(mine))
        #expect(try test.store.find("mine").path == path)

        let gemma = try test.store.find("gemma-3-270m")
        guard case .remote(let remote) = gemma else { throw Unexpected(gemma) }
        #expect(gemma.path == nil)
        #expect(remote.name.rawValue == "gemma-3-270m" && remote.description == "gemma-3-270m")
        #expect(remote.byteCount == 253_113_024 && remote.license != nil)
        for source in ["hf:o/r", "pip:a==1", "https://host/other.gguf"] {
            let found = try test.store.find(source)
            guard case .remote(let remote) = found else { throw Unexpected(found) }
            #expect(remote.description == source)
            #expect(remote.sources.map(\.description) == [source])
        }
    }

    private struct Unexpected: Error {
        init(_ reference: ModelReference) {}
    }

    @Test(arguments: [
        ("gema-3-270m", "Did you mean gemma-3-270m?"),
        ("qwen2.5:0.5b", "Did you mean qwen2.5-0.5b"),
        ("mistral", "quire pull --list"),
        ("/nowhere/x.gguf", "There is no file '/nowhere/x.gguf'."),
        ("x.gguf", "There is no file 'x.gguf'."),
        ("/tmp", "'/tmp' is a folder"),
        (".", "'.' is a folder"),
        ("owner/repository", "write hf:owner/repository"),
        ("hf:owner", "hf:owner/repository"),
        ("pip:--index-url==1", "pinned package"),
        ("http://models.example/x.gguf", "https"),
        ("/etc/passwd/x", "Not a directory"),
        ("", "There is no model ''"),
        ("a\u{1B}[31m\nb", "'a\\u{1b}[31m\\u{a}b'"),
    ])
    func `a word that is nothing is refused with what may be meant`(word: String, hint: String)
        throws
    {
        let test = try PullTest()
        let error = #expect(throws: ModelStoreError.self) { try test.store.find(word) }
        #expect(error?.message.contains(hint) == true, "\(error?.message ?? "")")
        #expect(error?.message.contains("\u{1B}") == false)
    }

    @Test(arguments: [
        "mistral", "Llama3", "phi-4-mini", "foo-7b", "0.5b", "hf:", "hf:a/b", "a/b", "/tmp", "./x",
        "a:b", "x.gguf", "my model.gguf", "gema-3-270m", "qwen2.5:0.5b", "https://x y",
    ])
    func `a word that names no model here may still be a model's`(word: String) throws {
        #expect(try PullTest().store.looksLikeModel(word))
    }

    @Test(arguments: [
        "", "Hello", "Once upon a time", "Note:", "falconer", "Why?", "2+2=", "the 7b model",
        "either/or is fine", "b", "\n", "llama says hello",
    ])
    func `a text is not taken for a model`(word: String) throws {
        #expect(try !PullTest().store.looksLikeModel(word))
    }

    @Test func `a word is brought to a file, pulled if need be`() async throws {
        let file = ServedFile.model(kibibytes: 4)
        let test = try PullTest()
        try await WebServer.serving({ request, _ in file.response(to: request) }) { server in
            let word = "\(server.origin)/tiny.gguf"
            let path = try await test.puller().path(of: word)
            #expect(path == test.store.folder + "/tiny.gguf")
            #expect(test.events.contains(.trying(word)))
            let requests = server.requests.count
            #expect(try await test.puller().path(of: word) == path)
            #expect(try await test.puller().path(of: "tiny") == path)
            #expect(try await test.puller().path(of: path) == path)
            #expect(server.requests.count == requests)
        }
        await #expect(throws: ModelStoreError.self) { try await test.puller().path(of: "tinny") }
    }

    @Test func `the sources of a catalogue's model bring the same quantisation`() throws {
        for entry in Catalogue.entries {
            let format = try #require(entry.summary.split(separator: " ").last?.lowercased())
            #expect(!entry.sources.isEmpty)
            for source in entry.sources {
                let name = source.description.lowercased().replacing("-", with: "_")
                // A package that does not say what it holds is held to a sum instead.
                #expect(
                    name.contains(format)
                        || (source.description.hasPrefix("pip:") && source.sha256 != nil),
                    "\(source) of \(entry.name) is not \(format)")
            }
        }
    }
}
