import Patterns
import TestSupport
import Testing

@testable import Tokenization

/// The rules written by hand, against the regular expressions that they stand for.
struct PatternRuleTests {
    /// Characters that patterns tell apart, and some that they do not.
    private static let alphabet: [String] = [
        "a", "b", "s", "t", "re", "ll", "B", "K", "L", "'", "'s", "'LL", "’", "é", "e\u{301}",
        "\u{301}",
        "\u{17F}", "\u{212A}", "ǅ", "ʰ", "Ж", "ж", "漢", "字", "か", "カ", "ー", "한", "ก", "क", "्", "م",
        "1",
        "2", "9", "٣", "½", "Ⅷ", "²", " ", "  ", "\u{A0}", "\u{3000}", "\t", "\n", "\r", "\r\n",
        "\n\n", "\u{85}", "\u{2028}", ".", ",", "!", "?", "…", "。", "，", "।", "$", "+", "<", "=",
        "`",
        "|", "~", "^", "/", "//", "_", "-", "(", ")", "😀", "\u{200D}", "\u{FEFF}", "\u{0}",
        "\u{7F}",
        "\u{378}", "\u{E0101}", "ﬁ", "𐐀", "𞤀", "ß", "İ", "µ", "\u{2581}", "[", "]",
    ]

    private static func text(_ random: inout SeededGenerator) -> String {
        (0..<Int.random(in: 0...24, using: &random))
            .map { _ in alphabet.randomElement(using: &random) ?? "" }.joined()
    }

    @Test func `a rule cuts as its pattern does`() throws {
        let classes = CharacterClassTable.classes
        for (text, rule) in SplitRule.byPattern {
            var random = SeededGenerator(seed: 16)
            let split = PatternSplit(pattern: try PatternSplit.pattern(text))
            for _ in 0..<60 {
                var sample = Array(Self.text(&random).utf8)
                // This rule stands behind one that leaves no line breaks.
                if rule == .trailingWhitespace { sample.removeAll { $0 == 0x0A || $0 == 0x0D } }
                let scanner = TextScanner(text: sample.span, classes: classes.span)
                var pieces: [Range<Int>] = []
                while let position = pieces.last?.upperBound ?? (sample.isEmpty ? nil : 0),
                    position < sample.count
                {
                    pieces.append(position..<scanner.pieceEnd(rule, position, sample.count))
                }
                #expect(
                    split.pieces(of: sample.span, 0..<sample.count) == pieces,
                    "\(text): \(String(decoding: sample, as: UTF8.self).debugDescription)")
            }
        }
    }
}
