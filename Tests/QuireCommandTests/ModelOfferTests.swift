import Foundation
import ModelStore
import TestSupport
import Testing

@testable import quire

/// What `quire run` takes for a model, and what it does for one that is not here.
struct ModelOfferTests {
    private let folder: TemporaryFolder
    private var store: ModelStore { ModelStore(folder: folder.path) }

    init() throws { folder = try TemporaryFolder() }

    /// What an offer did.
    private final class Record {
        var questions: [String] = []
        var pulled: [String] = []
    }

    private func offer(answer: String?, canAsk: Bool = true, _ record: Record) -> ModelOffer {
        ModelOffer(
            store: store, canAsk: canAsk,
            ask: { question in
                record.questions.append(question)
                return answer
            },
            pull: { model in
                record.pulled.append("\(model)")
                return "pulled"
            })
    }

    @Test(arguments: [
        "mistral", "Hello", "gemma-3-270m", "hf:owner/repository", "/no/file", "./my model.gguf",
        "~/my models/x", "mistral 7b", "llama 3.2 1b instruct", "Qwen 2.5", "a:b", "x.gguf",
    ])
    func `one word, a path, a source and a family with a version are models`(text: String) {
        #expect(RunWords.isModel(text, store: store))
    }

    @Test(arguments: [
        "Once upon a time", "Llamas are animals", "llama and falcon", "Hello ", "", " ",
        "a/b or c", "https://example.com is a site", "Gemma is 3", "one\ntwo", "I am 7",
        "mistral 7b is a model of some size",
    ])
    func `a text is no model`(text: String) {
        #expect(!RunWords.isModel(text, store: store))
    }

    @Test func `a name of the catalogue is pulled when a person agrees`() async throws {
        for (answer, agrees) in [
            ("", true), ("y", true), (" Yes", true), ("n", false), ("x", false),
        ] {
            let record = Record()
            let path = try? await offer(answer: answer, record).path(of: "gemma-3-270m")
            #expect((path == "pulled") == agrees, "'\(answer)'")
            #expect(record.pulled == (agrees ? ["gemma-3-270m"] : []))
            #expect(record.questions.count == 1)
            #expect(record.questions.first?.contains("253.1 MB") == true)
            #expect(record.questions.first?.hasSuffix("? [Y/n] ") == true)
        }
        let end = Record()
        await #expect(throws: ModelStoreError.self) {
            try await offer(answer: nil, end).path(of: "gemma-3-270m")
        }
    }

    @Test func `a slip is asked about, and silence means no`() async throws {
        for (answer, agrees) in [("", false), ("y", true), ("n", false)] {
            let record = Record()
            let path = try? await offer(answer: answer, record).path(of: "gema-3-270m")
            #expect((path == "pulled") == agrees, "'\(answer)'")
            #expect(record.questions.first?.contains("Pull gemma-3-270m") == true)
            #expect(record.questions.first?.hasSuffix("? [y/N] ") == true)
        }
    }

    @Test func `a program is not asked`() async throws {
        let record = Record()
        for word in ["gemma-3-270m", "gema-3-270m", "nothing-like-it"] {
            await #expect(throws: ModelStoreError.self) {
                try await offer(answer: "y", canAsk: false, record).path(of: word)
            }
        }
        #expect(record.questions.isEmpty && record.pulled.isEmpty)
    }

    @Test func `a source is an order, and no longer one when its model is here`() async throws {
        let record = Record()
        let source = "hf:owner/tiny"
        let offer = offer(answer: "n", canAsk: false, record)
        #expect(try await offer.path(of: source) == "pulled")
        #expect(record.pulled == [source])
        let file = try folder.write("tiny.gguf", [])
        #expect(try await offer.path(of: source) == file)
        #expect(try await offer.path(of: "tiny") == file)
        #expect(record.pulled == [source] && record.questions.isEmpty)
    }
}
