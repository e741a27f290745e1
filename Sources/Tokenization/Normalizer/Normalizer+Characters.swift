import Patterns

// Rewritings character by character.
extension Normalizer {
    /// Rewrites each scalar; bytes that are no UTF-8 stay as they are.
    static func rewrite(_ text: inout [UInt8], _ body: (Unicode.Scalar, inout String) -> Void) {
        guard let source = String(validating: text, as: UTF8.self) else { return }
        var result = ""
        result.reserveCapacity(text.count)
        for scalar in source.unicodeScalars { body(scalar, &result) }
        text = Array(result.utf8)
    }

    static func replace(_ pattern: Pattern, with new: [UInt8], in text: inout [UInt8]) {
        guard let matches = pattern.matches(in: text.span, 0..<text.count), !matches.isEmpty else {
            return
        }
        var result: [UInt8] = []
        var position = 0
        for match in matches {
            result.append(contentsOf: text[position..<match.lowerBound])
            result.append(contentsOf: new)
            position = match.upperBound
        }
        result.append(contentsOf: text[position...])
        text = result
    }

    static func isMark(_ scalar: Unicode.Scalar, _ anyMark: Bool) -> Bool {
        GeneralCategory.nonspacingMark.set.contains(scalar.value)
            || anyMark && spacingMarks.contains(scalar.value)
    }

    private static let spacingMarks = GeneralCategory.spacingMark.set.union(
        GeneralCategory.enclosingMark.set)

    static func clean(_ scalar: Unicode.Scalar, _ result: inout String) {
        switch scalar {
        case "\t", "\n", "\r": result += " "
        case "\0", "\u{FFFD}": break
        default:
            // What breaks lines or pages in other ways is control before it is whitespace.
            if control.contains(scalar.value) { return }
            if GeneralCategory.whitespace.contains(scalar.value) {
                result += " "
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
    }

    /// What `tokenizers` takes for control characters.
    private static let control = ScalarSet(
        [GeneralCategory.control, .format, .privateUse].flatMap(\.set.ranges))

    static func spaceHan(_ scalar: Unicode.Scalar, _ result: inout String) {
        guard ideographs.contains(scalar.value) else {
            return result.unicodeScalars.append(scalar)
        }
        result += " "
        result.unicodeScalars.append(scalar)
        result += " "
    }

    /// The blocks that BERT's tokenizer takes for Chinese.
    private static let ideographs = ScalarSet([
        0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x2A6DF, 0x2A700...0x2B73F,
        0x2B740...0x2B81F, 0x2B820...0x2CEAF, 0x2F800...0x2FA1F,
    ])
}
