import Foundation
import QuireIdentifiers
import QuireJSON
import Testing
import Tokenization

/// The ids and texts that the field's own packages give for other models than byte-pair encodings,
/// and for the steps around models; see `Fixtures/README.md`.
struct ModelGoldenTests {
    static func samples() throws -> [String] {
        try #require(try Fixtures.json("samples").array).map { try #require($0.string) }
    }

    /// Compares the ids of all samples, their text, and their text token by token.
    static func compare(
        _ tokenizer: Tokenizer, _ golden: JSONValue, parseSpecial: Bool, decodes: Bool = true
    ) throws {
        let name = golden["name"]?.string ?? ""
        let unknown = golden["unknown"]?.integer.map { UInt32($0) }
        let expected = try Fixtures.ids(golden["ids"])
        let decoded = try #require(golden["decoded"]?.array).compactMap(\.string)
        let samples = try samples()
        #expect(expected.count == samples.count && decoded.count == samples.count)
        for (index, sample) in samples.enumerated() {
            let found = tokenizer.encode(sample, parseSpecial: parseSpecial)
            #expect(
                found.map(\.rawValue) == expected[index], "\(name): \(sample.debugDescription)")
            // SentencePiece writes an unknown token as a sign of its own.
            guard decodes, unknown.map({ !expected[index].contains($0) }) ?? true else { continue }
            let ids = expected[index].map { TokenID($0) }
            #expect(
                tokenizer.decode(ids).utf8.elementsEqual(decoded[index].utf8),
                "\(name): \(tokenizer.decode(ids).debugDescription) of \(sample.debugDescription)"
            )
            var detokenizer = tokenizer.makeDetokenizer()
            var streamed = ""
            for id in ids { streamed += detokenizer.append(id) }
            streamed += detokenizer.finish()
            #expect(streamed.utf8.elementsEqual(tokenizer.decode(ids).utf8))
        }
    }

    @Test func `every step before a model does what tokenizers does`() throws {
        var base = try #require(Fixtures.json("byte-level")["tokenizer"]?.members)
        base.removeAll { ["pre_tokenizer", "normalizer"].contains($0.key) }
        for golden in try #require(try Fixtures.json("pipelines").array) {
            let members = try #require(golden["members"]?.members)
            let tokenizer = try Tokenizer(
                tokenizerJSON: Fixtures.bytes(.object(base + members)))
            try Self.compare(tokenizer, golden, parseSpecial: false)
        }
    }

    @Test(arguments: ["unigram", "wordpiece"])
    func `other models in a tokenizer.json give what tokenizers gives`(name: String) throws {
        for golden in try #require(try Fixtures.json(name).array) {
            let members = try #require(golden["members"])
            let tokenizer = try Tokenizer(tokenizerJSON: Fixtures.bytes(members))
            try Self.compare(tokenizer, golden, parseSpecial: true)
        }
    }

    @Test func `a tokenizer.model gives what sentencepiece gives`() throws {
        for golden in try #require(try Fixtures.json("sentencepiece-models").array) {
            let tokenizer = try Tokenizer(sentencePiece: Self.model(golden))
            try Self.compare(tokenizer, golden, parseSpecial: false)
        }
    }

    static func model(_ golden: JSONValue) throws -> [UInt8] {
        let text = try #require(golden["model"]?.string)
        return Array(try #require(Data(base64Encoded: text)))
    }
}
