import Patterns

/// How text is rewritten before it is cut into pieces.
struct Normalizer: Hashable, Sendable {
    /// One rewriting.
    enum Step: Hashable, Sendable {
        /// A normal form of Unicode.
        case form(NormalForm)
        /// Writes the bytes before the text, whatever it is.
        case prepend([UInt8])
        /// Writes the bytes before the text unless it begins with them; with `onlyFirst`, only
        /// where the text is the beginning of the whole.
        case begin(with: [UInt8], onlyFirst: Bool)
        /// Replaces all occurrences.
        case replace([UInt8], with: [UInt8])
        /// Drops whitespace at the ends.
        case strip(left: Bool, right: Bool)
        /// Replaces all matches of a regular expression.
        case replaceMatches(Pattern, with: [UInt8])
        /// Writes each character by itself in small letters.
        case lowercase
        /// Drops combining marks: those that take no space (`Mn`), or all.
        case dropMarks(all: Bool)
        /// Drops control characters and writes all whitespace as spaces, as BERT does.
        case clean
        /// Puts spaces around Chinese characters, as BERT does.
        case spaceHan
        /// Replaces what a table of SentencePiece lists, as `tokenizers` does.
        case charsmap(Charsmap)
        /// All that SentencePiece does to a text.
        case sentencePiece(SentencePieceNormalizer)
    }

    var steps: [Step] = []

    /// The UTF-8 of U+2581, which SentencePiece writes for a space.
    static let escapedSpace: [UInt8] = [0xE2, 0x96, 0x81]
    static let space: [UInt8] = [0x20]

    /// Whether the text in `range` stays as it is, as far as that can be told without rewriting it.
    func leaves(_ scanner: borrowing TextScanner, _ range: Range<Int>) -> Bool {
        if steps.isEmpty { return true }
        for step in steps {
            guard case .form(.composed) = step else { return false }
        }
        return NormalForm.isComposed(scanner, range)
    }

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
        case .form(let form): text = form(text) ?? text
        case .prepend(let bytes): text.insert(contentsOf: bytes, at: 0)
        case .begin(let bytes, let onlyFirst):
            if onlyFirst && !isFirst || text.starts(with: bytes) { return }
            text.insert(contentsOf: bytes, at: 0)
        case .replace(let old, let new): replace(old, with: new, in: &text)
        case .strip(let left, let right): strip(&text, left: left, right: right)
        case .replaceMatches(let pattern, let new): replace(pattern, with: new, in: &text)
        case .lowercase: rewrite(&text) { $1.append(contentsOf: $0.properties.lowercaseMapping) }
        case .dropMarks(let all):
            rewrite(&text) { if !isMark($0, all) { $1.unicodeScalars.append($0) } }
        case .clean: rewrite(&text, clean)
        case .spaceHan: rewrite(&text, spaceHan)
        case .charsmap(let map): text = map.rewriteClusters(text)
        case .sentencePiece(let normalizer): text = normalizer(text)
        }
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
