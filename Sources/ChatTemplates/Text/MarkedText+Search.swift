extension MarkedText {
    /// Where another text begins at or after an index, and ends within `end`. An empty text is
    /// found everywhere.
    func range(of other: MarkedText, from start: Int = 0, to end: Int? = nil) -> Range<Int>? {
        let end = end ?? count
        let length = other.count
        var index = start
        while index + length <= end {
            if matches(other, at: index) { return index..<index + length }
            index += 1
        }
        return nil
    }

    /// The last place of another text within bounds.
    func lastRange(of other: MarkedText, from start: Int = 0, to end: Int? = nil) -> Range<Int>? {
        let length = other.count
        var index = (end ?? count) - length
        while index >= start {
            if matches(other, at: index) { return index..<index + length }
            index -= 1
        }
        return nil
    }

    func matches(_ other: MarkedText, at start: Int) -> Bool {
        for (offset, character) in other.characters.enumerated()
        where characters[start + offset] != character {
            return false
        }
        return true
    }

    func hasPrefix(_ other: MarkedText) -> Bool { characters.starts(with: other.characters) }

    func hasSuffix(_ other: MarkedText) -> Bool {
        count >= other.count && matches(other, at: count - other.count)
    }

    /// How often another text occurs, without overlap.
    func occurrences(of other: MarkedText) -> Int {
        if other.isEmpty { return count + 1 }
        var found = 0
        var start = 0
        while let range = range(of: other, from: start) {
            found += 1
            start = range.upperBound
        }
        return found
    }

    /// The characters of a range.
    subscript(range: Range<Int>) -> MarkedText { MarkedText(characters[range], like: self) }

    /// With the first `limit` occurrences of a text replaced; with all for a negative limit.
    func replacing(_ old: MarkedText, with new: MarkedText, limit: Int = -1) -> MarkedText {
        var result = MarkedText()
        result.isEscaped = isEscaped
        var left = limit
        var start = 0
        if old.isEmpty {
            for character in characters where left != 0 {
                result.append(new)
                result.characters.append(character)
                left -= 1
                start += 1
            }
            if left != 0 { result.append(new) }
        } else {
            while left != 0, let range = range(of: old, from: start) {
                result.characters.append(contentsOf: characters[start..<range.lowerBound])
                result.append(new)
                start = range.upperBound
                left -= 1
            }
        }
        result.characters.append(contentsOf: characters[start...])
        return result
    }
}
