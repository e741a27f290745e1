import QuireJSON

extension Normalizer {
    /// The `normalizer` of a `tokenizer.json`.
    init(json: JSONValue?) throws(TokenizerError) {
        for (type, step) in try PipelineStep.steps(json, "normalizers", "normalizer") {
            switch type {
            case "NFC": steps.append(.form(.composed))
            case "NFD": steps.append(.form(.decomposed))
            case "NFKC": steps.append(.form(.compatiblyComposed))
            case "NFKD": steps.append(.form(.compatiblyDecomposed))
            case "Lowercase": steps.append(.lowercase)
            case "StripAccents": steps.append(.dropMarks(all: true))
            case "Prepend": steps.append(.prepend(Array((step["prepend"]?.string ?? "").utf8)))
            case "Strip":
                steps.append(
                    .strip(
                        left: step["strip_left"]?.bool ?? true,
                        right: step["strip_right"]?.bool ?? true))
            case "Replace": steps.append(try Self.replacement(step))
            case "Precompiled":
                guard let bytes = step["precompiled_charsmap"]?.string.flatMap(Base64.bytes) else {
                    throw PipelineStep.unsupported(
                        "normalizer", type, " without a precompiled_charsmap in base 64")
                }
                steps.append(.charsmap(try Charsmap(bytes)))
            case "BertNormalizer": addBert(step)
            default: throw PipelineStep.unsupported("normalizer", type)
            }
        }
    }

    private static func replacement(_ step: JSONValue) throws(TokenizerError) -> Step {
        let (literal, regex) = PipelineStep.pattern(step)
        let new = Array((step["content"]?.string ?? "").utf8)
        if let regex { return .replaceMatches(try PatternSplit.pattern(regex), with: new) }
        guard let literal, !literal.isEmpty else {
            throw PipelineStep.unsupported("normalizer", "Replace", " without a pattern")
        }
        return .replace(Array(literal.utf8), with: new)
    }

    private mutating func addBert(_ step: JSONValue) {
        let lowercases = step["lowercase"]?.bool ?? true
        if step["clean_text"]?.bool ?? true { steps.append(.clean) }
        if step["handle_chinese_chars"]?.bool ?? true { steps.append(.spaceHan) }
        if step["strip_accents"]?.bool ?? lowercases {
            steps += [.form(.decomposed), .dropMarks(all: false)]
        }
        if lowercases { steps.append(.lowercase) }
    }

    /// A text, rewritten.
    func callAsFunction(_ text: [UInt8]) -> [UInt8] {
        let classes = CharacterClassTable.classes
        let scanner = TextScanner(text: text.span, classes: classes.span)
        return self(scanner, 0..<text.count, isFirst: true)
    }
}

/// Bytes written as text, six bits a character (RFC 4648).
enum Base64 {
    /// The bytes of a text; nil if it is no base 64.
    static func bytes(_ text: String) -> [UInt8]? {
        var result: [UInt8] = []
        result.reserveCapacity(text.utf8.count / 4 * 3)
        var bits: UInt32 = 0
        var count = 0
        var hasEnded = false
        for byte in text.utf8 {
            if byte == UInt8(ascii: "=") {
                hasEnded = true
                continue
            }
            guard !hasEnded, let value = value(byte) else { return nil }
            bits = bits << 6 | value
            count += 6
            if count >= 8 {
                count -= 8
                result.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        return result
    }

    private static func value(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(byte - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(byte - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
