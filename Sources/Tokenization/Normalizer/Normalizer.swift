// The normal forms of the standard library, which it does not export otherwise; Foundation has
// them too, at the price of linking ICU.
@_spi(_Unicode) import Swift

/// How text is rewritten before it is cut into pieces.
struct Normalizer: Hashable, Sendable {
    /// One rewriting.
    enum Step: Hashable, Sendable {
        /// Unicode normal form C, or D.
        case composed
        case decomposed
        /// Writes the bytes before the text, whatever it is.
        case prepend([UInt8])
        /// Writes the bytes before the text unless it begins with them; with `onlyFirst`, only
        /// where the text is the beginning of the whole.
        case begin(with: [UInt8], onlyFirst: Bool)
        /// Replaces all occurrences.
        case replace([UInt8], with: [UInt8])
        /// Drops whitespace at the ends.
        case strip(left: Bool, right: Bool)
    }

    var steps: [Step] = []

    /// The UTF-8 of U+2581, which SentencePiece writes for a space.
    static let escapedSpace: [UInt8] = [0xE2, 0x96, 0x81]
    static let space: [UInt8] = [0x20]

    /// The text in `range`, rewritten; empty text stays empty.
    func callAsFunction(
        _ scanner: borrowing TextScanner, _ range: Range<Int>, isFirst: Bool
    ) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(range.count + range.count / 4 + 16)
        for index in range { text.append(scanner.text[index]) }
        for step in steps where !text.isEmpty { Self.apply(step, to: &text, isFirst: isFirst) }
        return text
    }

    private static func apply(_ step: Step, to text: inout [UInt8], isFirst: Bool) {
        switch step {
        case .composed: compose(&text)
        case .decomposed:
            guard text.contains(where: { $0 >= 0x80 }) else { return }
            let decomposed = String(decoding: text, as: UTF8.self)._nfd
            text = utf8(decomposed)
        case .prepend(let bytes): text.insert(contentsOf: bytes, at: 0)
        case .begin(let bytes, let onlyFirst):
            if onlyFirst && !isFirst || text.starts(with: bytes) { return }
            text.insert(contentsOf: bytes, at: 0)
        case .replace(let old, let new): replace(old, with: new, in: &text)
        case .strip(let left, let right): strip(&text, left: left, right: right)
        }
    }

    private static func compose(_ text: inout [UInt8]) {
        // Below U+0300 nothing combines and nothing decomposes to anything else.
        guard text.contains(where: { $0 >= 0xCC }) else { return }
        text = utf8(String(decoding: text, as: UTF8.self)._nfc)
    }

    private static func utf8(_ scalars: some Sequence<Unicode.Scalar>) -> [UInt8] {
        var view = String.UnicodeScalarView()
        for scalar in scalars { view.append(scalar) }
        return Array(String(view).utf8)
    }

    private static func replace(_ old: [UInt8], with new: [UInt8], in text: inout [UInt8]) {
        guard let first = old.first, text.contains(first) else { return }
        var result: [UInt8] = []
        result.reserveCapacity(text.count + text.count / 4)
        var index = 0
        while index < text.count {
            if text[index] == first, text[index...].starts(with: old) {
                result.append(contentsOf: new)
                index += old.count
            } else {
                result.append(text[index])
                index += 1
            }
        }
        text = result
    }

    private static func strip(_ text: inout [UInt8], left: Bool, right: Bool) {
        let source = text
        let classes = CharacterClassTable.classes
        let scanner = TextScanner(text: source.span, classes: classes.span)
        var range = 0..<source.count
        if left { range = scanner.run(of: .whitespace, from: 0, source.count)..<source.count }
        while right, !range.isEmpty {
            let last = scanner.previous(range.upperBound, from: range.lowerBound)
            guard scanner.kind(last, range.upperBound).meets(.whitespace) else { break }
            range = range.lowerBound..<last
        }
        text = Array(source[range])
    }
}
