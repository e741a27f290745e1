/// A text while it is edited: its characters and where the cursor stands among them.
///
/// The characters are always those of the whole text, whatever was put in or taken out: an accent
/// that comes later joins its letter, and two halves of a flag become one.
struct EditedLine: Hashable {
    private(set) var characters: [Character]
    private(set) var cursor: Int

    /// A text with the cursor at its end.
    init(_ text: String = "") {
        characters = Array(text)
        cursor = characters.count
    }

    /// The line as text.
    var text: String { String(characters) }

    /// Moves the cursor, at most to an end.
    mutating func move(to place: Int) {
        cursor = min(max(place, 0), characters.count)
    }

    /// Puts a text where the cursor is, and the cursor behind it.
    mutating func insert(_ text: String) {
        replace(cursor..<cursor, with: text)
    }

    /// Takes characters out and puts the cursor there.
    ///
    /// - Returns: what was taken out.
    @discardableResult
    mutating func remove(_ range: Range<Int>) -> String {
        let removed = String(characters[range])
        replace(range, with: "")
        return removed
    }

    private mutating func replace(_ range: Range<Int>, with text: String) {
        // Only the character before can join what follows it; behind, a run of flags regroups as
        // far as it goes.
        let start = max(range.lowerBound - 1, 0)
        let before = String(characters[start..<range.lowerBound]) + text
        var end = min(range.upperBound + 1, characters.count)
        var joined = Array(before + String(characters[range.upperBound..<end]))
        while end < characters.count, joined.last != characters[end - 1] {
            end = min(end + max(end - range.upperBound, 1), characters.count)
            joined = Array(before + String(characters[range.upperBound..<end]))
        }
        characters.replaceSubrange(start..<end, with: joined)
        var length = before.utf8.count
        cursor = start
        while length > 0 {
            length -= characters[cursor].utf8.count
            cursor += 1
        }
    }

    /// A text without what no key can type: line ends of all kinds become line feeds, other
    /// control characters than tabs are dropped.
    static func clean(_ text: String) -> String {
        var clean = String.UnicodeScalarView()
        var endedByReturn = false
        for scalar in text.unicodeScalars {
            defer { endedByReturn = scalar == "\r" }
            switch scalar {
            case "\n" where endedByReturn: continue
            case "\r", "\n": clean.append("\n")
            case "\t": clean.append(scalar)
            case _ where scalar.properties.generalCategory == .control: continue
            default: clean.append(scalar)
            }
        }
        return String(clean)
    }
}
