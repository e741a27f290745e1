import Patterns
import Testing

/// What is not done is refused by name, at the place where it stands.
struct RefusalTests {
    @Test(arguments: [
        (#"(a)\1"#, PatternError.Code.unsupported, "backreference", 3),
        (#"ab\k<n>"#, .unsupported, "reference \\k", 2),
        (#"a\g<0>"#, .unsupported, "reference \\g", 1),
        (#"(?R)"#, .unsupported, "(?R", 0),
        (#"(?(1)a|b)"#, .unsupported, "(?(", 0),
        (#"[[:alpha:]]"#, .unsupported, "[:name:]", 1),
        (#"\p{Emoji}"#, .unsupported, "Emoji", 0),
        (#"a\X"#, .unsupported, #"\X"#, 1),
        (#"\012"#, .unsupported, "octal", 0),
        (#"(?<=a*)b"#, .unsupported, "lookbehind", 0),
        (#"(ab"#, .malformed, "without its )", 0),
        (#"ab)"#, .malformed, "without its (", 2),
        (#"a[bc"#, .malformed, "without its ]", 1),
        (#"a|*"#, .malformed, "nothing to repeat", 2),
        (#"[z-a]"#, .malformed, "descends", 1),
        (#"a{3,2}"#, .malformed, "descends", 1),
        (#"\x{110000}"#, .malformed, "number", 0),
        (#"\u12"#, .malformed, "four", 0),
        (#"^*"#, .malformed, "nothing to repeat", 1),
        ("a\\", .malformed, "at the end", 1),
        (#"a{2000}"#, .tooLarge, "1000", 1),
    ])
    func `what is not done is refused`(
        text: String, code: PatternError.Code, part: String, position: Int
    ) {
        let error = #expect(throws: PatternError.self) {
            try Pattern(text, dialect: .oniguruma)
        }
        #expect(error?.code == code && error?.message.contains(part) == true)
        #expect(error?.position == position)
    }

    @Test(arguments: [#"(?>a)"#, #"a++"#, #"\A"#, #"\p{Han}"#, #"(?i)a"#, #"\h"#, #"\e"#, #"a**"#])
    func `what ECMA has not is refused there`(text: String) throws {
        #expect(throws: PatternError.self) { try Pattern(text, dialect: .ecma) }
        _ = try Pattern(text, dialect: .oniguruma)
    }

    @Test func `patterns that would grow without bound are refused`() {
        let deep = String(repeating: "(", count: 5_000) + String(repeating: ")", count: 5_000)
        let brackets = String(repeating: "[a", count: 5_000)
        let large = "(?:(?:(?:ab|c){1000}){1000}){1000}"
        let long = String(repeating: "a", count: 100_000)
        for text in [deep, brackets, large, long] {
            let error = #expect(throws: PatternError.self) {
                try Pattern(text, dialect: .oniguruma)
            }
            #expect(error?.code == .tooLarge)
        }
    }

    @Test func `what repeats nothing is read at once`() throws {
        let pattern = try Pattern("(?:(?:(?:){1000}){1000}){1000}a", dialect: .oniguruma)
        #expect(pattern.matches(in: "ba") == [1..<2])
    }
}
