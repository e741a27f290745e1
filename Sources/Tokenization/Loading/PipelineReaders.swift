import QuireJSON

/// The steps of a `tokenizer.json` that are implemented, each by its `type`.
enum PipelineStep {
    /// The steps of a member that holds one, a `Sequence` of some, or none.
    static func steps(
        _ value: JSONValue?, _ list: String, _ what: String
    ) throws(TokenizerError) -> [(type: String, step: JSONValue)] {
        guard let value, value != .null else { return [] }
        guard let type = value["type"]?.string else {
            throw TokenizerError(.unsupportedStep, "a \(what) without a type")
        }
        guard type == "Sequence" else { return [(type, value)] }
        guard let members = value[list]?.array, members.count <= TokenizerLimits.sequenceSteps
        else {
            throw TokenizerError(
                .unsupportedStep,
                "a \(what) sequence needs a list of at most \(TokenizerLimits.sequenceSteps)")
        }
        var steps: [(type: String, step: JSONValue)] = []
        for member in members {
            guard let type = member["type"]?.string, type != "Sequence" else {
                throw TokenizerError(.unsupportedStep, "a \(what) in a sequence without a type")
            }
            steps.append((type, member))
        }
        return steps
    }

    static func unsupported(_ what: String, _ type: String, _ detail: String = "") -> TokenizerError
    {
        TokenizerError(.unsupportedStep, "\(what) \(quoted(type))\(detail) is not supported")
    }

    /// The text of a `pattern`: literal, or a regular expression.
    static func pattern(_ step: JSONValue) -> (literal: String?, regex: String?) {
        (step["pattern"]?["String"]?.string, step["pattern"]?["Regex"]?.string)
    }
}

extension Normalizer {
    /// The `normalizer` of a `tokenizer.json`.
    init(json: JSONValue?) throws(TokenizerError) {
        for (type, step) in try PipelineStep.steps(json, "normalizers", "normalizer") {
            switch type {
            case "NFC": steps.append(.form(.composed))
            case "NFD": steps.append(.form(.decomposed))
            case "Prepend": steps.append(.prepend(Array((step["prepend"]?.string ?? "").utf8)))
            case "Strip":
                steps.append(
                    .strip(
                        left: step["strip_left"]?.bool ?? true,
                        right: step["strip_right"]?.bool ?? true))
            case "Replace":
                guard let old = PipelineStep.pattern(step).literal, !old.isEmpty else {
                    throw PipelineStep.unsupported("normalizer", type, " of a regular expression")
                }
                let new = step["content"]?.string ?? ""
                steps.append(.replace(Array(old.utf8), with: Array(new.utf8)))
            default: throw PipelineStep.unsupported("normalizer", type)
            }
        }
    }

    /// A text, rewritten.
    func callAsFunction(_ text: [UInt8]) -> [UInt8] {
        let classes = CharacterClassTable.classes
        let scanner = TextScanner(text: text.span, classes: classes.span)
        return self(scanner, 0..<text.count, isFirst: true)
    }
}

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
            case "Punctuation":
                switch step["behavior"]?.string ?? "Isolated" {
                case "Isolated": preTokenizer.rules.append(.punctuation)
                case "Contiguous": preTokenizer.rules.append(.punctuationRuns(backtick: true))
                case let behavior:
                    throw PipelineStep.unsupported("pre-tokenizer", type, " " + behavior)
                }
            case "Split": try readSplit(step)
            case "Metaspace": try readMetaspace(step)
            default: throw PipelineStep.unsupported("pre-tokenizer", type)
            }
        }
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

    private mutating func readSplit(_ step: JSONValue) throws(TokenizerError) {
        let behavior = step["behavior"]?.string ?? "Isolated"
        let (literal, regex) = PipelineStep.pattern(step)
        if literal == " ", behavior == "MergedWithPrevious", !isByteLevel {
            preTokenizer.rules.append(.spaces)
            return
        }
        guard let pattern = regex, let rule = SplitRule(pattern: pattern) else {
            throw TokenizerError(
                .unsupportedPattern,
                "the pre-tokenizer pattern \(quoted(regex ?? literal ?? "")) is not supported")
        }
        // To keep the matches and drop the rest comes to the same where nothing is left over.
        let inverted = step["invert"]?.bool ?? false
        let keepsAll =
            behavior == "Isolated" || (behavior == "Removed" && inverted && rule.coversAll)
        guard keepsAll, !isByteLevel || rule == .digitTriples else {
            throw PipelineStep.unsupported("pre-tokenizer", "Split", " " + behavior)
        }
        preTokenizer.rules.append(rule)
    }

    private mutating func readMetaspace(_ step: JSONValue) throws(TokenizerError) {
        guard preTokenizer == PreTokenizer() else {
            throw PipelineStep.unsupported("pre-tokenizer", "Metaspace", " after another")
        }
        let replacement = Array((step["replacement"]?.string ?? "▁").utf8)
        guard replacement == Normalizer.escapedSpace else {
            throw PipelineStep.unsupported("pre-tokenizer", "Metaspace", " with that replacement")
        }
        preTokenizer.rewriting.steps.append(.replace(Normalizer.space, with: replacement))
        let legacy = step["add_prefix_space"]?.bool ?? true
        switch step["prepend_scheme"]?.string ?? (legacy ? "always" : "never") {
        case "always":
            preTokenizer.rewriting.steps.append(.begin(with: replacement, onlyFirst: false))
        case "first":
            preTokenizer.rewriting.steps.append(.begin(with: replacement, onlyFirst: true))
        case "never": break
        case let scheme: throw PipelineStep.unsupported("pre-tokenizer", "Metaspace", " " + scheme)
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

/// The `decoder` of a `tokenizer.json`.
struct Decoder {
    /// Whether decoding drops a space at the beginning of a text.
    private(set) var dropsLeadingSpace = false
    /// Whether tokens of the form `<0xNN>` are bytes.
    private(set) var readsBytes = false

    init(_ value: JSONValue?) throws(TokenizerError) {
        for (type, step) in try PipelineStep.steps(value, "decoders", "decoder") {
            switch type {
            case "ByteLevel", "Fuse", "Replace": break
            case "ByteFallback": readsBytes = true
            case "Strip":
                let strips = (step["start"]?.integer ?? 0, step["stop"]?.integer ?? 0)
                guard step["content"]?.string == " ", strips == (1, 0) || strips == (0, 0) else {
                    throw PipelineStep.unsupported("decoder", type, " of other than one space")
                }
                if strips.0 == 1 { dropsLeadingSpace = true }
            case "Metaspace":
                let legacy = step["add_prefix_space"]?.bool ?? true
                let scheme = step["prepend_scheme"]?.string ?? (legacy ? "always" : "never")
                dropsLeadingSpace = scheme != "never"
            default: throw PipelineStep.unsupported("decoder", type)
            }
        }
    }
}

/// Reads the `post_processor` of a `tokenizer.json`: what stands around a single text.
struct PromptTemplate {
    private(set) var prefix: [Int] = []
    private(set) var suffix: [Int] = []

    mutating func read(
        _ value: JSONValue?, isID: (Int) -> Bool
    ) throws(TokenizerError) {
        for (type, step) in try PipelineStep.steps(value, "processors", "post-processor") {
            switch type {
            case "ByteLevel": break
            case "TemplateProcessing": try readTemplate(step)
            case "BertProcessing", "RobertaProcessing":
                prefix = [step["cls"]?.array?.last?.integer ?? -1]
                suffix = [step["sep"]?.array?.last?.integer ?? -1]
            default: throw PipelineStep.unsupported("post-processor", type)
            }
        }
        guard (prefix + suffix).allSatisfy(isID) else {
            throw TokenizerError(
                .badSpecialToken, "the post-processor names ids beyond the vocabulary")
        }
    }

    private mutating func readTemplate(_ step: JSONValue) throws(TokenizerError) {
        var seenText = false
        (prefix, suffix) = ([], [])
        for part in step["single"]?.array ?? [] {
            if part["Sequence"] != nil {
                seenText = true
                continue
            }
            let name = part["SpecialToken"]?["id"]?.string ?? ""
            guard let ids = step["special_tokens"]?[name]?["ids"]?.array else {
                throw TokenizerError(
                    .badSpecialToken, "the template's token \(quoted(name)) has no ids")
            }
            let numbers = ids.map { $0.integer ?? -1 }
            if seenText { suffix += numbers } else { prefix += numbers }
        }
    }
}
