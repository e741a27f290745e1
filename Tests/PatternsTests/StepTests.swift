import TestSupport
import Testing

@testable import Patterns

/// What matching costs is bounded, and small for patterns that tokenizers have.
struct StepTests {
    @Test(arguments: [#"(?:a|a)*b"#, #"(?:a*)*b"#, #"(?:a+)+b"#, #"(?:a|aa)+$"#])
    func `a search that would not end stops`(text: String) throws {
        let pattern = try Pattern(text, dialect: .oniguruma)
        #expect(pattern.matches(in: String(repeating: "a", count: 2_000) + "c") == nil)
    }

    @Test func `long runs are no deeper than short ones`() throws {
        let words = try Pattern(
            #" ?\p{L}+| ?[^\s\p{L}]+|\s+(?!\S)|\s+"#, dialect: .oniguruma)
        for unit in ["a", "é", " ", "\n", "!", "a b"] {
            let text = String(repeating: unit, count: 100_000)
            #expect(try #require(words.matches(in: text)).last?.upperBound == text.utf8.count)
        }
        let groups = try Pattern("(?:ab)*c", dialect: .oniguruma)
        let text = String(repeating: "ab", count: 100_000) + "c"
        #expect(groups.matches(in: text) == [0..<200_001])
    }

    @Test func `bytes that are no UTF-8 are read without harm`() throws {
        let pattern = try Pattern(#"(?<=.)\p{L}+|\W|(?!a)."#, dialect: .oniguruma)
        var random = SeededGenerator(seed: 3)
        for _ in 0..<500 {
            let bytes = (0..<Int.random(in: 0...20, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            let found = pattern.matches(in: bytes.span, 0..<bytes.count)
            #expect(found?.allSatisfy { $0.upperBound <= bytes.count } == true)
        }
    }
}
