/// What a column of the terminal shows, two columns, or those up to a tab stop.
struct ScreenCell: Hashable {
    /// The text that draws it: nothing that could command the terminal.
    let text: String
    /// How many columns.
    let columns: Int

    /// Whether terminals disagree about the columns, so that one has to be told where to go on.
    var isContested: Bool {
        guard !text.utf8.allSatisfy({ $0 < 0x80 }) else { return false }
        let scalars = text.unicodeScalars
        // An accent is nowhere counted; U+FE0F widens what it follows in some terminals.
        let joins = scalars.dropFirst().contains {
            $0.properties.generalCategory != .nonspacingMark || $0 == "\u{FE0F}"
        }
        guard !joins, let first = scalars.first else { return true }
        switch first.properties.generalCategory {
        case .unassigned, .privateUse, .spacingMark: return true
        default: return (0x1F1E6...0x1F1FF).contains(first.value)
        }
    }

    /// The cells of a character that is neither a tab nor a line feed.
    static func cells(of character: Character) -> [ScreenCell] {
        guard let first = character.unicodeScalars.first else { return [] }
        if (0x20..<0x7F).contains(first.value), character.utf8.count == 1 {
            return [ScreenCell(text: String(character), columns: 1)]
        }
        switch first.properties.generalCategory {
        case .control where first.value < 0x20:
            return spelled("^" + String(UnicodeScalar(UInt8(first.value) + 0x40)))
        case .control, .format, .lineSeparator, .paragraphSeparator:
            return spelled("<" + String(first.value, radix: 16) + ">")
        default:
            // A mark with nothing to stand on would change the character before it.
            let text = columns(of: first) == 0 ? "\u{25CC}" + String(character) : String(character)
            return [ScreenCell(text: text, columns: columns(of: Character(text)))]
        }
    }

    /// Cells of one column each.
    private static func spelled(_ text: String) -> [ScreenCell] {
        text.map { ScreenCell(text: String($0), columns: 1) }
    }

    /// Columns of a character: two for the scripts and pictures that terminals draw wide.
    private static func columns(of character: Character) -> Int {
        let scalars = character.unicodeScalars
        // U+FE0F asks for the picture, two regional indicators make a flag.
        let isPicture = scalars.contains { $0.properties.isEmojiPresentation || $0 == "\u{FE0F}" }
        if isPicture { return 2 }
        return min(max(scalars.reduce(0) { $0 + columns(of: $1) }, 1), 2)
    }

    /// Columns of a scalar by itself, as most terminals count them.
    private static func columns(of scalar: Unicode.Scalar) -> Int {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: break
        }
        switch scalar.value {
        // The vowels and ends of Hangul syllables stand on their beginnings.
        case 0x1160...0x11FF, 0xD7B0...0xD7FF: return 0
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x4DBF, 0x4E00...0xA4CF, 0xA960...0xA97F,
            0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF01...0xFF60,
            0xFFE0...0xFFE6, 0x16FE0...0x18DFF, 0x1AFF0...0x1B2FF, 0x1F200...0x1F265,
            0x20000...0x3FFFD:
            return 2
        default: return scalar.properties.isEmojiPresentation ? 2 : 1
        }
    }
}
