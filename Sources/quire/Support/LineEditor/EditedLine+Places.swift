/// Where words and lines begin and end, seen from the cursor.
extension EditedLine {
    /// Where the cursor's line of the text begins.
    var startOfLine: Int {
        characters[..<cursor].lastIndex(of: "\n").map { $0 + 1 } ?? 0
    }

    /// Where the cursor's line of the text ends.
    var endOfLine: Int {
        characters[cursor...].firstIndex(of: "\n") ?? characters.count
    }

    /// Where the word before the cursor begins; a word is made of letters and digits.
    var startOfWord: Int {
        var place = cursor
        while place > 0, !Self.isWord(characters[place - 1]) { place -= 1 }
        while place > 0, Self.isWord(characters[place - 1]) { place -= 1 }
        return place
    }

    /// Where the word after the cursor ends.
    var endOfWord: Int {
        var place = cursor
        while place < characters.count, !Self.isWord(characters[place]) { place += 1 }
        while place < characters.count, Self.isWord(characters[place]) { place += 1 }
        return place
    }

    /// Where what stands before the cursor begins, back to white space.
    var startOfBlankWord: Int {
        var place = cursor
        while place > 0, characters[place - 1].isWhitespace { place -= 1 }
        while place > 0, !characters[place - 1].isWhitespace { place -= 1 }
        return place
    }

    /// The place in the line above that is as far from its start as the cursor from its own; nil
    /// in the first line.
    var placeAbove: Int? {
        let start = startOfLine
        guard start > 0 else { return nil }
        let above = characters[..<(start - 1)].lastIndex(of: "\n").map { $0 + 1 } ?? 0
        return min(above + cursor - start, start - 1)
    }

    /// The same in the line below; nil in the last line.
    var placeBelow: Int? {
        let end = endOfLine
        guard end < characters.count else { return nil }
        let below = end + 1
        let belowEnd = characters[below...].firstIndex(of: "\n") ?? characters.count
        return min(below + cursor - startOfLine, belowEnd)
    }

    private static func isWord(_ character: Character) -> Bool {
        character.isLetter || character.isNumber
    }
}
