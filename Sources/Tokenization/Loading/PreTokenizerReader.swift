import Patterns
import QuireJSON

/// Reads the `pre_tokenizer` of a `tokenizer.json`.
struct PreTokenizerReader {
    private(set) var preTokenizer = PreTokenizer()
    /// Whether the text is written in the byte alphabet from some step on.
    private(set) var isByteLevel = false

    mutating func read(_ value: JSONValue?) throws(TokenizerError) {
        for (type, step) in try PipelineStep.steps(value, "pretokenizers", "pre-tokenizer") {
            if isByteLevel, type != "Digits", type != "Split" {
                throw PipelineStep.unsupported("pre-tokenizer", type, " after ByteLevel")
            }
            switch type {
            case "ByteLevel": try readByteLevel(step)
            case "Digits":
                let limit = step["individual_digits"]?.bool ?? false ? 1 : Int.max
                preTokenizer.rules.append(
                    isByteLevel ? .byteAlphabetNumbers(limit) : .numbers(limit))
            case "Punctuation": try readPunctuation(step)
            case "Split": try readSplit(step)
            case "Metaspace": try readMetaspace(step)
            case "WhitespaceSplit": try append(PatternSplit(.whitespace, .removed))
            case "Whitespace": try append(PatternSplit(.words, .removed, isInverted: true))
            case "BertPreTokenizer":
                try append(PatternSplit(.whitespace, .removed))
                preTokenizer.rules.append(.punctuation)
            case "CharDelimiterSplit":
                let delimiter = step["delimiter"]?.string ?? ""
                guard delimiter.unicodeScalars.count == 1 else {
                    throw PipelineStep.unsupported("pre-tokenizer", type, " without a character")
                }
                append(
                    PatternSplit(
                        pattern: try PatternSplit.pattern(literal: delimiter), behavior: .removed))
            default: throw PipelineStep.unsupported("pre-tokenizer", type)
            }
        }
    }

    private mutating func append(_ split: PatternSplit) {
        preTokenizer.rules.append(.pattern(split))
    }

    private mutating func readByteLevel(_ step: JSONValue) throws(TokenizerError) {
        if step["add_prefix_space"]?.bool ?? true {
            guard preTokenizer.rules.isEmpty else {
                throw PipelineStep.unsupported(
                    "pre-tokenizer", "ByteLevel", " with add_prefix_space after another")
            }
            preTokenizer.rewriting.steps.append(.begin(with: Normalizer.space, onlyFirst: false))
        }
        if step["use_regex"]?.bool ?? true { preTokenizer.rules.append(.gpt2) }
        isByteLevel = true
    }

    private mutating func readPunctuation(_ step: JSONValue) throws(TokenizerError) {
        switch try behavior(step) {
        case .isolated: preTokenizer.rules.append(.punctuation)
        case .contiguous: preTokenizer.rules.append(.punctuationRuns(backtick: true))
        case let behavior: append(try PatternSplit(.punctuation, behavior))
        }
    }

    /// What becomes of matches; what files do not say is `Isolated`.
    private func behavior(_ step: JSONValue) throws(TokenizerError) -> PatternSplit.Behavior {
        let name = step["behavior"]?.string ?? "Isolated"
        guard let behavior = PatternSplit.Behavior(rawValue: name) else {
            throw PipelineStep.unsupported("pre-tokenizer behavior", name)
        }
        return behavior
    }

    private mutating func readSplit(_ step: JSONValue) throws(TokenizerError) {
        let behavior = try behavior(step)
        let inverted = step["invert"]?.bool ?? false
        let (literal, regex) = PipelineStep.pattern(step)
        if literal == " ", behavior == .mergedWithPrevious, !inverted, !isByteLevel {
            preTokenizer.rules.append(.spaces)
            return
        }
        if let rule = regex.flatMap({ SplitRule(pattern: $0) }), isExact(rule) {
            // To keep the matches and drop the rest comes to the same where nothing is left over.
            if behavior == .isolated || behavior == .removed && inverted && rule.coversAll,
                !isByteLevel || rule == .digitTriples
            {
                preTokenizer.rules.append(rule)
                return
            }
        }
        guard !isByteLevel else {
            throw PipelineStep.unsupported(
                "pre-tokenizer", "Split", " by \(quoted(regex ?? literal ?? "")) after ByteLevel")
        }
        let pattern: Pattern
        if let regex {
            pattern = try PatternSplit.pattern(regex)
        } else if let literal, !literal.isEmpty {
            pattern = try PatternSplit.pattern(literal: literal)
        } else {
            throw PipelineStep.unsupported("pre-tokenizer", "Split", " without a pattern")
        }
        append(PatternSplit(pattern: pattern, behavior: behavior, isInverted: inverted))
    }

    /// Whether a rule cuts as its pattern where it stands: `$` is the end of a line, which is the
    /// end of the text only where lines were cut before.
    private func isExact(_ rule: SplitRule) -> Bool {
        rule != .trailingWhitespace || preTokenizer.rules.contains(.lineBreaks)
    }

    private mutating func readMetaspace(_ step: JSONValue) throws(TokenizerError) {
        let replacement = Array((step["replacement"]?.string ?? "▁").utf8)
        guard replacement == Normalizer.escapedSpace else {
            throw PipelineStep.unsupported("pre-tokenizer", "Metaspace", " with that replacement")
        }
        var rewriting = Normalizer(steps: [.replace(Normalizer.space, with: replacement)])
        let legacy = step["add_prefix_space"]?.bool ?? true
        switch step["prepend_scheme"]?.string ?? (legacy ? "always" : "never") {
        case "always": rewriting.steps.append(.begin(with: replacement, onlyFirst: false))
        case "first": rewriting.steps.append(.begin(with: replacement, onlyFirst: true))
        case "never": break
        case let scheme: throw PipelineStep.unsupported("pre-tokenizer", "Metaspace", " " + scheme)
        }
        if preTokenizer == PreTokenizer() {
            preTokenizer.rewriting = rewriting
        } else {
            preTokenizer.rules.append(.rewriting(rewriting))
        }
        if step["split"]?.bool ?? true { preTokenizer.rules.append(.escapedSpaces) }
    }
}

extension SplitRule {
    /// Whether all text is matched by the rule's pattern.
    var coversAll: Bool {
        switch self {
        case .gpt2, .words, .casedWords: true
        default: false
        }
    }
}
