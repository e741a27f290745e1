import Patterns
import Testing

@testable import Tokenization

struct ScannerTests {
    private static func pieces(_ preTokenizer: PreTokenizer, _ text: String) -> [String] {
        let bytes = Array(text.utf8)
        let classes = CharacterClassTable.classes
        let scanner = TextScanner(text: bytes.span, classes: classes.span)
        var ranges = [0..<bytes.count]
        for rule in preTokenizer.rules {
            var next: [Range<Int>] = []
            for range in ranges {
                var position = range.lowerBound
                while position < range.upperBound {
                    let end = scanner.pieceEnd(rule, position, range.upperBound)
                    #expect(end > position && end <= range.upperBound)
                    next.append(position..<end)
                    position = end
                }
            }
            ranges = next
        }
        return ranges.map { String(decoding: bytes[$0], as: UTF8.self) }
    }

    private static func pieces(_ name: String, _ text: String) throws -> [String] {
        pieces(try #require(NamedPreTokenizer(name)).preTokenizer, text)
    }

    @Test func `words and what goes with them`() throws {
        #expect(
            try Self.pieces("gpt-2", "I'll go,  ok?") == ["I", "'ll", " go", ",", " ", " ok", "?"])
        #expect(
            try Self.pieces("llama-bpe", "x=12345;\n\n  y")
                == ["x", "=", "123", "45", ";\n\n", " ", " y"])
        #expect(try Self.pieces("qwen2", "IT'S 42") == ["IT", "'S", " ", "4", "2"])
        #expect(
            try Self.pieces("gpt-4o", "camelCase HTTPServer's") == [
                "camel", "Case", " HTTPServer's",
            ])
        #expect(try Self.pieces("falcon", "a`b 1234") == ["a", "`", "b", " ", "123", "4"])
    }

    @Test func `marks stay with their letters where the pattern says so`() throws {
        let text = "e\u{301}a"
        #expect(try Self.pieces("qwen35", text) == [text])
        #expect(try Self.pieces("qwen2", text) == ["e", "\u{301}a"])
    }

    @Test(arguments: [
        "gpt-2", "llama-bpe", "qwen2", "qwen35", "deepseek-llm", "deepseek-coder", "deepseek-v3",
        "falcon", "starcoder", "refact", "command-r", "mpt", "tekken", "gpt-4o", "viking",
        "poro-chat", "default", "smollm", "dbrx", "llama-v3", "seed-coder", "minicpm5", "laguna",
    ])
    func `bytes that are no text are cut without harm`(name: String) throws {
        let preTokenizer = try #require(NamedPreTokenizer(name)).preTokenizer
        let bytes: [UInt8] = [
            0x20, 0xF0, 0x9F, 0x20, 0xE2, 0x81, 0xC3, 0x0A, 0x80, 0xBF, 0xFF, 0x31, 0xF8, 0x27,
            0x73, 0xED, 0xA0, 0x80, 0x20, 0x20, 0xF0,
        ]
        let classes = CharacterClassTable.classes
        let scanner = TextScanner(text: bytes.span, classes: classes.span)
        for rule in preTokenizer.rules {
            for start in bytes.indices {
                var position = start
                while position < bytes.count {
                    let end = scanner.pieceEnd(rule, position, bytes.count)
                    try #require(end > position && end <= bytes.count)
                    position = end
                }
            }
        }
    }

    @Test func `the table of classes is Unicode 16`() {
        let classes = CharacterClassTable.classes
        #expect(GeneralCategory.unicodeVersion == "16.0.0")
        #expect(classes.count == 0x32400)
        func count(_ kind: CharacterClass) -> Int {
            classes.count { CharacterClass(rawValue: $0).meets(kind) }
        }
        // The numbers of DerivedGeneralCategory-16.0.0, less the marks of plane 14.
        #expect(count(.letter) == 141_028)
        #expect(count(.mark) == 2_501 - 240)
        #expect(count(.number) == 1_911)
        #expect(count(.punctuation) == 855)
        #expect(count(.symbol) == 8_514)
        #expect(count(.whitespace) == 25)
    }

    @Test func `the byte alphabet goes both ways`() {
        for byte in UInt8.min...UInt8.max {
            var decoded: [UInt8] = []
            #expect(ByteAlphabet.append(ByteAlphabet.text(of: byte).span, to: &decoded))
            #expect(decoded == [byte])
        }
        var decoded: [UInt8] = [7]
        #expect(!ByteAlphabet.append(Array("a b".utf8).span, to: &decoded))
        #expect(decoded == [7])
    }
}
