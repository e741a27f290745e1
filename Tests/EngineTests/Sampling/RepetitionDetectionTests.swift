import QuireEngine
import QuireIdentifiers
import TestSupport
import Testing

/// Section F of the behaviours.
@Suite struct `Repetition detection` {
    private struct Row: CustomTestStringConvertible, Sendable {
        let id: String
        let tokens: [TokenID]
        let rule: RepetitionDetection
        let isMet: Bool

        init(
            _ id: String, _ tokens: [TokenID], _ longest: Int, _ shortest: Int, _ count: Int,
            _ isMet: Bool
        ) {
            self.id = id
            self.tokens = tokens
            rule = RepetitionDetection(longest, shortest, count)
            self.isMet = isMet
        }

        var testDescription: String { id }
    }

    private static func times(_ pattern: [TokenID], _ count: Int) -> [TokenID] {
        Array(repeating: pattern, count: count).flatMap(\.self)
    }

    private static let rows = [
        Row("F1", times([1, 2, 3], 3), 3, 2, 3, true),
        Row("F2", times([1, 2, 3], 2), 3, 2, 3, false),
        Row("F3", times([1, 2], 4), 5, 2, 4, true),
        Row("F4", [1, 2, 3, 4, 5, 6, 7, 8, 9], 5, 2, 2, false),
        Row("F5", times([1, 2, 3], 2) + [1, 2, 4], 3, 2, 3, false),
        Row("F6", [], 3, 2, 3, false),
        Row("F7", times([1], 9), 0, 0, 2, false),
        Row("F8", times([1], 9), 3, 1, 1, false),
        Row("F8, a count of 0", times([1], 9), 3, 1, 0, false),
        Row("F9", [1, 2, 3, 4, 5, 6, 5, 6, 5, 6], 3, 2, 3, true),
        Row("F10", times([1, 2, 3, 4, 5, 6, 7, 8], 5), 10, 2, 3, true),
        Row("F14", times([1, 2], 3), 5, 3, 3, false),
        Row("F14, which a longer answer meets as a pattern of 4", times([1, 2], 6), 5, 3, 3, true),
        Row("F15, four times", times([1, 2], 4), 2, 2, 5, false),
        Row("F15, five times", times([1, 2], 5), 2, 2, 5, true),
        Row("a shortest pattern of 0 is 1", [7, 7], 2, 0, 2, true),
        Row("a count beyond all tokens", times([1], 9), 4, 1, .max, false),
    ]

    @Test(arguments: rows)
    private func `finds a tail that repeats itself, and nothing else`(row: Row) {
        #expect(row.rule.isMet(by: row.tokens) == row.isMet)
    }

    @Test func `agrees with comparing the copies one by one`() {
        var random = SeededGenerator(seed: 41)
        var met = 0
        for _ in 0..<4_000 {
            let tokens = (0..<Int.random(in: 0...16, using: &random)).map { _ in
                TokenID(UInt32.random(in: 0..<2, using: &random))
            }
            let longest = Int.random(in: 1...6, using: &random)
            let rule = RepetitionDetection(
                longest, Int.random(in: 1...longest, using: &random),
                Int.random(in: 2...4, using: &random))
            let expected = (rule.minPatternSize...longest).contains { size in
                guard size * rule.minCount <= tokens.count else { return false }
                let pattern = tokens.suffix(size)
                return tokens.suffix(size * rule.minCount).elementsEqual(
                    Self.times(Array(pattern), rule.minCount))
            }
            #expect(rule.isMet(by: tokens) == expected)
            met += expected ? 1 : 0
        }
        #expect(met > 500)
    }
}
