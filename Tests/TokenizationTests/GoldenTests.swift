import Foundation
import ModelFiles
import QuireIdentifiers
import QuireJSON
import Testing
import Tokenization

/// The ids that the field's own packages give, with tiny vocabularies and texts made to be awkward.
struct GoldenTests {
    @Test func `every pre-tokenizer cuts as tokenizers does`() throws {
        let texts = try Fixtures.texts()
        let file = try Fixtures.json("byte-level")
        for golden in try #require(file["cases"]?.array) {
            let name = try #require(golden["name"]?.string)
            var members = try #require(file["tokenizer"]?.members)
            members.removeAll { $0.key == "pre_tokenizer" }
            members.append(.init("pre_tokenizer", try #require(golden["pre_tokenizer"])))
            let normalizer = golden["normalizer"]
            if let normalizer {
                members.removeAll { $0.key == "normalizer" }
                members.append(.init("normalizer", normalizer))
            }
            var tokenizers = [
                try Tokenizer(tokenizerJSON: Fixtures.bytes(.object(members)))
            ]
            if !name.hasPrefix("tokenizer.json") {
                tokenizers.append(try Fixtures.tokenizer(Fixtures.byteLevelGGUF(pre: name)))
            }
            let expected = try Fixtures.ids(golden["ids"])
            #expect(expected.count == texts.count)
            for (form, tokenizer) in tokenizers.enumerated() {
                for (text, ids) in zip(texts, expected) {
                    let found = tokenizer.encode(text)
                    #expect(
                        found.map(\.rawValue) == ids,
                        "\(name), form \(form): \(text.debugDescription)")
                    if !name.hasSuffix("prefix") {
                        let normal =
                            normalizer == nil ? text : text.precomposedStringWithCanonicalMapping
                        #expect(tokenizer.decode(found).utf8.elementsEqual(normal.utf8))
                    }
                }
            }
        }
    }

    @Test func `scores merge as SentencePiece does`() throws {
        let texts = try Fixtures.texts()
        let tokenizer = try Fixtures.tokenizer(Fixtures.sentencePieceGGUF())
        let expected = try Fixtures.ids(Fixtures.json("sentencepiece")["ids"])
        for (text, ids) in zip(texts, expected) {
            let found = tokenizer.encode(text)
            #expect(found.map(\.rawValue) == ids, "\(text.debugDescription)")
            #expect(tokenizer.decode(found).utf8.elementsEqual(text.utf8))
        }
    }

    @Test func `characters merge as tokenizers does`() throws {
        let texts = try Fixtures.texts()
        for golden in try #require(try Fixtures.json("character-level").array) {
            let name = try #require(golden["name"]?.string)
            let tokenizer = try Tokenizer(
                tokenizerJSON: Fixtures.bytes(try #require(golden["tokenizer"])))
            #expect(tokenizer.bos == tokenizer.id(of: "<s>") && tokenizer.bos != nil)
            let decoded = try #require(golden["decoded"]?.array).compactMap(\.string)
            for (index, ids) in try Fixtures.ids(golden["ids"]).enumerated() {
                let found = tokenizer.encode(texts[index], parseSpecial: true)
                #expect(found.map(\.rawValue) == ids, "\(name): \(texts[index].debugDescription)")
                let text = tokenizer.decode(found)
                #expect(
                    text.utf8.elementsEqual(decoded[index].utf8),
                    "\(name): \(text.debugDescription) for \(decoded[index].debugDescription)")
            }
        }
    }
}
