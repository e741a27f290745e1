/// Reads characters and their classes out of UTF-8 text. Never reads outside of the text, whatever
/// the bytes are.
struct TextScanner: ~Escapable {
    /// The text's UTF-8 bytes.
    let text: Span<UInt8>
    private let classes: Span<UInt8>

    @_lifetime(copy text, copy classes)
    init(text: Span<UInt8>, classes: Span<UInt8>) {
        self.text = text
        self.classes = classes
    }

    /// A character: its class, and how many bytes it takes.
    struct Character {
        let kind: CharacterClass
        let width: Int
    }

    /// The byte at a position, or 0 (which no pattern names) at or beyond `end`.
    @inline(__always)
    func byte(_ position: Int, _ end: Int) -> UInt8 {
        position < end ? text[position] : 0
    }

    /// The character at `position`, which is before `end`.
    @inline(__always)
    func character(_ position: Int, _ end: Int) -> Character {
        let first = text[position]
        if first < 0x80 {
            return Character(kind: .init(rawValue: classes[Int(first)]), width: 1)
        }
        return wideCharacter(position, end)
    }

    /// The class of the character at `position`; the empty set at or beyond `end`.
    @inline(__always)
    func kind(_ position: Int, _ end: Int) -> CharacterClass {
        position < end ? character(position, end).kind : []
    }

    /// The Unicode scalar at `position`, which is before `end`, and its width in bytes.
    ///
    /// A sequence cut off by `end` gives U+FFFD for the bytes that are there.
    func scalar(_ position: Int, _ end: Int) -> (value: Int, width: Int) {
        let first = text[position]
        let width = Self.width(of: first)
        guard width > 1 else { return (first < 0x80 ? Int(first) : 0xFFFD, 1) }
        guard position + width <= end else { return (0xFFFD, end - position) }
        var value = Int(first) & (0x7F >> width)
        for offset in 1..<width { value = value << 6 | Int(text[position + offset] & 0x3F) }
        return (value, width)
    }

    /// The number of bytes of the character that begins with `first`; 1 for a stray byte.
    @inline(__always)
    static func width(of first: UInt8) -> Int {
        first < 0xC0 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF8 ? 4 : 1
    }

    private func wideCharacter(_ position: Int, _ end: Int) -> Character {
        let (value, width) = scalar(position, end)
        if value < classes.count {
            return Character(kind: .init(rawValue: classes[value]), width: width)
        }
        let isMark = CharacterClassTable.lateMarks.contains(value)
        return Character(kind: isMark ? .mark : [], width: width)
    }

    /// The end of the longest run of characters of `kinds` that begins at `position`.
    @inline(__always)
    func run(of kinds: CharacterClass, from position: Int, _ end: Int) -> Int {
        var position = position
        while position < end {
            let next = character(position, end)
            guard next.kind.meets(kinds) else { break }
            position += next.width
        }
        return position
    }

    /// The end of the longest run of characters of none of `kinds` that begins at `position`.
    @inline(__always)
    func run(outside kinds: CharacterClass, from position: Int, _ end: Int) -> Int {
        var position = position
        while position < end {
            let next = character(position, end)
            guard !next.kind.meets(kinds) else { break }
            position += next.width
        }
        return position
    }

    /// The start of the character that ends at `position`, at or after `start`.
    func previous(_ position: Int, from start: Int) -> Int {
        var index = position - 1
        while index > start, text[index] & 0xC0 == 0x80, position - index < 4 { index -= 1 }
        return index
    }
}
