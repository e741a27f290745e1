/// What SentencePiece does to a text before it looks for tokens (`normalizer_spec`).
struct SentencePieceNormalizer: Hashable, Sendable {
    /// What characters are replaced by, if they are.
    var charsmap: Charsmap?
    /// Whether a space is put before the text, or behind it.
    var addsSpace = true
    /// Whether that space, and the one between words, belongs to the word before it.
    var spaceIsSuffix = false
    /// Whether spaces at the ends are dropped, and those in a row but one.
    var dropsSpaces = true
    /// Whether spaces are written as U+2581.
    var escapesSpaces = true
    /// Tokens whose text stays as it is.
    var kept = KeptTexts([])

    private var space: [UInt8] { escapesSpaces ? Normalizer.escapedSpace : Normalizer.space }

    func callAsFunction(_ text: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count + text.count / 4 + 3)
        var position = 0
        if dropsSpaces {
            while position < text.count, case let (part, length) = part(text, position),
                part.elementsEqual(Normalizer.space)
            {
                position += length
            }
        }
        if position == text.count { return [] }
        if !spaceIsSuffix, addsSpace { result += space }
        var afterSpace = dropsSpaces
        while position < text.count {
            var (part, length) = part(text, position)
            position += length
            if afterSpace { part = part.drop { $0 == 0x20 } }
            guard !part.isEmpty else { continue }
            for byte in part {
                if byte == 0x20 { result += space } else { result.append(byte) }
            }
            afterSpace = dropsSpaces && part.last == 0x20
        }
        if dropsSpaces {
            while result.count >= space.count, result.suffix(space.count).elementsEqual(space) {
                result.removeLast(space.count)
            }
        }
        if spaceIsSuffix, addsSpace { result += space }
        return result
    }

    /// What the text at a position is written as, and how much of it that is.
    private func part(_ text: [UInt8], _ position: Int) -> (ArraySlice<UInt8>, Int) {
        if let length = kept.longest(text, position) {
            return (text[position..<position + length], length)
        }
        if let found = charsmap?.find(text, position..<text.count), found.length > 0 {
            return (found.replacement, found.length)
        }
        let width = min(TextScanner.width(of: text[position]), text.count - position)
        return (text[position..<position + width], width)
    }
}

/// Texts that are looked for at a place, the longest first.
struct KeptTexts: Hashable, Sendable {
    private let byFirst: [UInt8: [[UInt8]]]

    init(_ texts: [[UInt8]]) {
        byFirst = Dictionary(grouping: texts.filter { !$0.isEmpty }) { $0[0] }
            .mapValues { $0.sorted { $0.count > $1.count } }
    }

    /// The length of the longest of the texts that begins at a position.
    func longest(_ text: [UInt8], _ position: Int) -> Int? {
        byFirst[text[position]]?.first { text[position...].starts(with: $0) }?.count
    }
}
