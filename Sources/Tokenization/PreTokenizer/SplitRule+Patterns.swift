// The regular expressions of tokenizer.json files that are known here, by their exact text.
extension SplitRule {
    /// The rule that a regular expression stands for, or nil.
    init?(pattern: String) {
        guard let rule = Self.byPattern[pattern] ?? Self.listing(pattern) else { return nil }
        self = rule
    }

    static let byPattern: [String: SplitRule] = {
        var rules: [String: SplitRule] = [
            #"\p{N}{1,3}"#: .numbers(3),
            #"\p{N}"#: .numbers(1),
            #"\p{N}+"#: .numbers(.max),
            "[0-9][0-9][0-9]": .digitTriples,
            "[\r\n]": .lineBreaks,
            #"[\r\n]"#: .lineBreaks,
            #"\s?\p{L}+"#: .letters,
            #"\s?\p{P}+"#: .spacedPunctuation,
            #"\s+$"#: .trailingWhitespace,
            "[一-龥ࠀ-一가-퟿]+": .eastAsian,
            "[一-龥぀-ゟ゠-ヿ]+": .hanAndKana,
            "\\s?[!-/:-~！-／：-～‘-‟　-。]+": .widePunctuation,
            #" ?[^(\s|.,!?…。，、।۔،)]+"#: .bloom,
            #" ?[^(\s|[.,!?…。，、।۔،])]+"#: .bloom,
        ]
        for (pattern, rule) in gpt2Patterns + wordPatterns + casedPatterns + punctuatedPatterns {
            rules[pattern] = rule
        }
        return rules
    }()

    private static let gpt2Patterns: [(String, SplitRule)] = {
        let pattern = #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)"#
        let shuffled = #"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)"#
        return [pattern, pattern + #"|\s+"#, shuffled, shuffled + #"|\s+"#].map { ($0, .gpt2) }
    }()

    private static let contractions = [
        "(?i:'s|'t|'re|'ve|'m|'ll|'d)|", "(?i:'s|'t|'re|'ve|'m|'ll|'d)|",
        "(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])|",
        "'(?i:[sdmt]|ll|ve|re)|",
    ]

    private static let wordPatterns: [(String, SplitRule)] = {
        let numbers = [
            (#"\p{N}{1,3}"#, 3), (#"\p{N}"#, 1), (#"\p{N}{1}"#, 1), (#"\p{N}+"#, Int.max),
        ]
        let spaces = [#"|\s*[\r\n]+|\s+(?!\S)|\s+"#, #"|\s*[\r\n]|\s+(?!\S)|\s+"#]
        var rules: [(String, SplitRule)] = []
        for lead in contractions + [""] {
            for (number, digits) in numbers {
                for space in spaces {
                    let plain = WordRule(digits: digits, contractions: !lead.isEmpty)
                    var marked = plain
                    marked.marks = true
                    var unbroken = plain
                    unbroken.breaksEndPunctuation = false
                    let word = #"[^\r\n\p{L}\p{N}]?\p{L}+|"#
                    let punctuation = #"| ?[^\s\p{L}\p{N}]+"#
                    let possessive = #"[^\r\n\p{L}\p{N}]?+\p{L}+|"#
                    let possessivePunctuation = #"| ?[^\s\p{L}\p{N}]++"#
                    rules += [
                        (lead + word + number + punctuation + #"[\r\n]*"# + space, .words(plain)),
                        (
                            lead + possessive + number + possessivePunctuation + #"[\r\n]*"#
                                + space, .words(plain)
                        ),
                        (
                            lead + #"[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|"# + number
                                + #"| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*"# + space, .words(marked)
                        ),
                        (
                            lead + word + number + #"| ?[^\s\p{L}\p{N}\r\n]+"# + space,
                            .words(unbroken)
                        ),
                    ]
                }
            }
        }
        return rules
    }()

    private static let casedPatterns: [(String, SplitRule)] = {
        let lead = #"[^\r\n\p{L}\p{N}]?"#
        let capitals = #"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]"#
        let small = #"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"#
        let rest = #"| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
        var rules: [(String, SplitRule)] = []
        for (tail, contractions) in [("", false), ("(?i:'s|'t|'re|'ve|'m|'ll|'d)?", true)] {
            for (number, digits) in [(#"\p{N}{1,3}"#, 3), (#"\p{N}"#, 1)] {
                rules.append(
                    (
                        lead + capitals + "*" + small + "+" + tail + "|" + lead + capitals + "+"
                            + small + "*" + tail + "|" + number + rest,
                        .casedWords(digits: digits, contractions: contractions)
                    ))
            }
        }
        return rules
    }()

    private static let punctuatedPatterns: [(String, SplitRule)] = {
        let ascii = ##"[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|"##
        let rest = #"]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
        return [
            (ascii + "[^\r\n" + #"\p{L}\p{P}\p{S}"# + rest, .punctuatedWords),
            (ascii + #"[^\r\n\p{L}\p{P}\p{S}"# + rest, .punctuatedWords),
        ]
    }()

    /// The pattern of DeepSeek LLM that lists the letters of all scripts with a case; copies of it
    /// differ in the Unicode normalization of a few letters, so its beginning and end must do.
    private static func listing(_ pattern: String) -> SplitRule? {
        let isListing =
            pattern.hasPrefix(#"\s?[A-Za-zµÀ-ÖØ-öø-ƺƼ-ƿǄ-ʓʕ-ʯ"#) && pattern.hasSuffix("𞤀-𞥃]+")
        return isListing ? .casedScripts : nil
    }
}
