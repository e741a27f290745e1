/// A key that a person pressed.
enum Key: Hashable {
    case character(Character)
    case enter
    case backspace
    case delete
    case left
    case right
    case up
    case down
    case home
    case end
    case killLine
    case killWord
    case killToEnd
    case interrupt
    case endOfInput
    case ignored
}

/// A line while it is edited: its characters and where the cursor stands among them.
struct EditedLine: Hashable {
    private(set) var characters: [Character]
    private(set) var cursor: Int

    /// A line with the cursor at its end.
    init(_ text: String = "") {
        characters = Array(text)
        cursor = characters.count
    }

    /// The line as text.
    var text: String { String(characters) }

    /// Applies an editing key; false for keys that do not edit.
    mutating func apply(_ key: Key) -> Bool {
        switch key {
        case .character(let character): insert(character)
        case .backspace: remove(max(0, cursor - 1)..<cursor)
        case .delete: remove(cursor..<min(cursor + 1, characters.count))
        case .left: cursor = max(0, cursor - 1)
        case .right: cursor = min(characters.count, cursor + 1)
        case .home: cursor = 0
        case .end: cursor = characters.count
        case .killLine: remove(0..<cursor)
        case .killWord: remove(startOfWord..<cursor)
        case .killToEnd: remove(cursor..<characters.count)
        default: return false
        }
        return true
    }

    private mutating func insert(_ character: Character) {
        // A scalar may join the character before it (an accent, a part of an emoji).
        let before = String(characters[..<cursor])
        let joined = Array(before + String(character))
        characters.replaceSubrange(..<cursor, with: joined)
        cursor = joined.count
    }

    private mutating func remove(_ range: Range<Int>) {
        characters.removeSubrange(range)
        cursor = range.lowerBound
    }

    private var startOfWord: Int {
        var start = cursor
        while start > 0, characters[start - 1].isWhitespace { start -= 1 }
        while start > 0, !characters[start - 1].isWhitespace { start -= 1 }
        return start
    }
}

extension EditedLine {
    /// The escape sequences that draw the line after a prompt, in one row of `width` columns.
    ///
    /// A line that is too long is shown from where the cursor is still in sight.
    func drawing(prompt: String, width: Int) -> String {
        let room = max(1, width - prompt.count - 1)
        var start = 0
        while columns(start..<cursor) > room { start += 1 }
        var end = start
        while end < characters.count, columns(start..<end + 1) <= room { end += 1 }
        let column = prompt.count + columns(start..<cursor)
        let move = column == 0 ? "" : "\u{1B}[\(column)C"
        return "\r\(prompt)\(String(characters[start..<end]))\u{1B}[K\r\(move)"
    }

    private func columns(_ range: Range<Int>) -> Int {
        characters[range].reduce(0) { $0 + Self.columns($1) }
    }

    /// Two for the scripts and pictures that terminals draw wide, otherwise one.
    private static func columns(_ character: Character) -> Int {
        guard let scalar = character.unicodeScalars.first else { return 0 }
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
            0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF,
            0x20000...0x3FFFD:
            return 2
        default: return 1
        }
    }
}
