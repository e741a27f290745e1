import ModelFiles
import QuireIdentifiers
import QuireJSON
import TestSupport
import Testing

@testable import Tokenization

struct DetokenizerTests {
    @Test func `streamed text is the whole text and never half a character`() throws {
        let tokenizer = try Fixtures.tokenizer(Fixtures.byteLevelGGUF(pre: "gpt-2"))
        for text in try Fixtures.texts() {
            var detokenizer = tokenizer.makeDetokenizer()
            var streamed = ""
            for id in tokenizer.encode(text) {
                let delta = detokenizer.append(id)
                #expect(text.unicodeScalars.contains("\u{FFFD}") || !delta.contains("\u{FFFD}"))
                streamed += delta
            }
            #expect(detokenizer.finish().isEmpty)
            #expect(streamed.utf8.elementsEqual(text.utf8))
        }
    }

    @Test(arguments: 0..<200)
    func `random tokens stream as they decode at once`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let tokenizer = try Self.bytes.get()
        let ids = (0..<40).map { _ in
            // Many bytes of wide characters, so that some sequences are right and most are not.
            let byte =
                [0x41, 0xC3, 0xE2, 0xE0, 0xED, 0xF0, 0xF4, 0x80, 0x9F, 0xA0, 0xBF, 0x90]
                .randomElement(using: &random) ?? 0
            return TokenID(UInt32(byte))
        }
        var detokenizer = tokenizer.makeDetokenizer()
        var streamed = ""
        for id in ids { streamed += detokenizer.append(id) }
        streamed += detokenizer.finish()
        #expect(streamed.utf8.elementsEqual(tokenizer.decode(ids).utf8))
    }

    /// A.12: wherever a text is cut, what comes after the cut begins with the character that the
    /// cut goes through, and nothing else changes.
    @Test func `an answer goes on with the character that its prompt ends in`() throws {
        let tokenizer = try Self.bytes.get()
        let text = "aé€🦙z"
        let ids = Array(text.utf8).map { TokenID(UInt32($0)) }
        for cut in 0...ids.count {
            let prompt = Array(ids[..<cut])
            var detokenizer = tokenizer.makeDetokenizer(skipSpecial: true, after: prompt)
            var answer = ""
            for id in ids[cut...] {
                let delta = detokenizer.append(id)
                #expect(!delta.contains("\u{FFFD}"))
                answer += delta
            }
            answer += detokenizer.finish()
            let whole = String(decoding: Array(text.utf8)[..<cut], as: UTF8.self)
                .filter { $0 != "\u{FFFD}" }
            #expect(whole + answer == text)
            #expect(detokenizer.joinsPrompt == (whole.utf8.count < cut))
            // An answer of something else, and none at all.
            var other = tokenizer.makeDetokenizer(skipSpecial: true, after: prompt)
            #expect(other.append(TokenID(0x41)) == "A")
            #expect(!other.joinsPrompt)
            var none = tokenizer.makeDetokenizer(skipSpecial: true, after: prompt)
            #expect(none.finish().isEmpty)
        }
    }

    /// A vocabulary in which the id of a byte is the byte.
    private static let bytes = Result {
        let members = MutationTests.byteLevelJSON.members ?? []
        let form = JSONValue.object(
            members.filter { $0.key != "added_tokens" && $0.key != "post_processor" })
        return try Tokenizer(tokenizerJSON: Fixtures.bytes(form))
    }

    @Test func `the space before a text is dropped unless the text goes on`() throws {
        let tokenizer = try Fixtures.tokenizer(Fixtures.sentencePieceGGUF())
        let ids = tokenizer.encode("the word")
        #expect(tokenizer.decode(ids) == "the word")
        var continuing = tokenizer.makeDetokenizer(continuing: true)
        #expect(continuing.append(ids[0]).first == " ")
        var beginning = tokenizer.makeDetokenizer()
        #expect(beginning.append(ids[0]).first != " ")
    }

    @Test(
        arguments: [
            ([0x41], 0), ([0xC3], 1), ([0xE2, 0x82], 2), ([0xF0, 0x9F, 0xA6], 3),
            ([0xE0, 0x80], 0),
            ([0xED, 0xA0], 0), ([0xF4, 0x90], 0), ([0xC0], 0), ([0x80, 0x80, 0x80], 0), ([], 0),
            ([0xE2, 0x82, 0xAC], 0), ([0xF5], 0), ([0x41, 0xF1], 1),
        ] as [([UInt8], Int)])
    func `only what may become a character is held back`(bytes: [UInt8], held: Int) {
        #expect(StreamingDetokenizer.incompleteSuffix(bytes) == held)
    }
}
