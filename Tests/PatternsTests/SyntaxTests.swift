import Patterns
import Testing

/// The tree that other modules read.
struct SyntaxTests {
    private func syntax(_ text: String) throws -> PatternSyntax {
        try PatternSyntax(text, dialect: .ecma)
    }

    private func letter(_ text: String) -> PatternSyntax { .scalars(ScalarSet(text)) }

    @Test func `a pattern is a tree of sets`() throws {
        #expect(try syntax("") == .empty)
        #expect(
            try syntax("ab|[cd]")
                == .choice([.sequence([letter("a"), letter("b")]), letter("cd")]))
        #expect(
            try syntax("a{2,5}?(?:b)*")
                == .sequence([
                    .repetition(letter("a"), .init(minimum: 2, maximum: 5, greed: .lazy)),
                    .repetition(letter("b"), .init(minimum: 0, maximum: nil, greed: .greedy)),
                ]))
        #expect(
            try syntax("^(?=a)$")
                == .sequence([
                    .anchor(.textStart),
                    .look(.init(isBehind: false, isNegative: false), letter("a")),
                    .anchor(.textEnd),
                ]))
        #expect(try syntax("(?i:k)") == letter("kK\u{212A}"))
    }

    @Test func `a tree knows how long its matches are`() throws {
        let (least, most) = try syntax("a(?:b|cde)?f{2,4}").width
        #expect(least == 3 && most == 8)
        #expect(try syntax("a*").width.most == nil)
    }
}
