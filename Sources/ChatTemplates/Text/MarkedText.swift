/// Text of which every character knows whether it came with the request or from the template.
///
/// All operations on text are made of the few below, which move characters with their marks, so
/// no rendering can pass the words of a request off as the template's.
///
///     var text = MarkedText("<|user|>", isForeign: false)
///     text.append(MarkedText("hi <|end|>", isForeign: true))
///     text.pieces.map(\.text)  // ["<|user|>", "hi <|end|>"]
///
/// Texts are equal if their characters are: to a template the marks are invisible. A character
/// is a Unicode scalar, as in Python.
package struct MarkedText: Sendable {
    /// The characters in order.
    var characters: [MarkedCharacter]

    /// Whether HTML's special characters are escaped already (`|safe`): Jinja escapes what is
    /// added to such a text.
    var isEscaped = false

    init(_ characters: [MarkedCharacter] = []) { self.characters = characters }

    init(_ characters: ArraySlice<MarkedCharacter>, like text: MarkedText) {
        self.characters = Array(characters)
        isEscaped = text.isEscaped
    }

    /// A text all of one origin.
    package init(_ text: String, isForeign: Bool) {
        characters = text.unicodeScalars.map { MarkedCharacter($0, isForeign: isForeign) }
    }

    /// Text that the template or this module wrote.
    init(own text: String) { self.init(text, isForeign: false) }

    /// Appends another text.
    package mutating func append(_ other: MarkedText) {
        characters.append(contentsOf: other.characters)
    }

    mutating func append(own text: String) {
        for scalar in text.unicodeScalars {
            characters.append(MarkedCharacter(scalar, isForeign: false))
        }
    }

    /// The number of characters.
    package var count: Int { characters.count }

    /// Whether there is no character.
    package var isEmpty: Bool { characters.isEmpty }

    /// The text without its marks.
    package var string: String { Self.string(characters[...]) }

    /// A run of characters of one origin.
    package struct Piece: Sendable, Hashable {
        /// The characters.
        package let text: String
        /// Whether they came with the request.
        package let isForeign: Bool

        /// Makes a piece.
        package init(_ text: String, isForeign: Bool) {
            self.text = text
            self.isForeign = isForeign
        }
    }

    /// The text as the fewest runs of one origin each; none of them is empty.
    package var pieces: [Piece] {
        var pieces: [Piece] = []
        var start = 0
        while start < characters.count {
            let isForeign = characters[start].isForeign
            var end = start + 1
            while end < characters.count, characters[end].isForeign == isForeign { end += 1 }
            pieces.append(Piece(Self.string(characters[start..<end]), isForeign: isForeign))
            start = end
        }
        return pieces
    }

    /// The text up to and with the last place of a text that came with the request; nil where there
    /// is none.
    package func through(last text: String) -> MarkedText? {
        let wanted = text.unicodeScalars.map { MarkedCharacter($0, isForeign: true) }
        guard !wanted.isEmpty, wanted.count <= count else { return nil }
        for start in stride(from: count - wanted.count, through: 0, by: -1)
        where characters[start].isForeign {
            let end = start + wanted.count
            if characters[start..<end].elementsEqual(wanted) {
                return MarkedText(characters[..<end], like: self)
            }
        }
        return nil
    }

    private static func string(_ characters: ArraySlice<MarkedCharacter>) -> String {
        // Bytes: a view of scalars that grows by one at a time takes ten times as long.
        var bytes: [UInt8] = []
        bytes.reserveCapacity(characters.count)
        for character in characters {
            if character.value < 0x80 {
                bytes.append(UInt8(character.value))
            } else {
                // Every scalar has a form in UTF-8.
                let encoded = UTF8.encode(character.scalar)
                bytes.append(contentsOf: encoded ?? UTF8.encodedReplacementCharacter)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension MarkedText: Hashable {
    /// Whether the characters are the same, whatever their marks.
    package static func == (left: MarkedText, right: MarkedText) -> Bool {
        left.characters.elementsEqual(right.characters)
    }

    /// Feeds the characters.
    package func hash(into hasher: inout Hasher) {
        for character in characters { hasher.combine(character) }
        hasher.combine(characters.count)
    }
}

/// A Unicode scalar and its origin; equal to another if the scalars are.
struct MarkedCharacter: Sendable, Hashable, Comparable {
    /// The scalar, and the highest bit for what came with the request.
    private let bits: UInt32

    init(_ scalar: Unicode.Scalar, isForeign: Bool) {
        bits = scalar.value | (isForeign ? 1 << 31 : 0)
    }

    /// Another scalar of the same origin.
    init(_ scalar: Unicode.Scalar, like character: MarkedCharacter) {
        bits = scalar.value | character.bits & (1 << 31)
    }

    var value: UInt32 { bits & ~(1 << 31) }
    var isForeign: Bool { bits >> 31 == 1 }
    var scalar: Unicode.Scalar { Unicode.Scalar(value) ?? "\u{FFFD}" }

    static func == (left: Self, right: Self) -> Bool { left.value == right.value }
    static func == (left: Self, right: Unicode.Scalar) -> Bool { left.value == right.value }
    static func < (left: Self, right: Self) -> Bool { left.value < right.value }

    func hash(into hasher: inout Hasher) { hasher.combine(value) }
}
