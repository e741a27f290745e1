extension MarkedText {
    /// Without the leading and trailing characters that are white, or one of `set`.
    func stripped(_ set: MarkedText? = nil, left: Bool = true, right: Bool = true) -> MarkedText {
        func goes(_ character: MarkedCharacter) -> Bool {
            if let set { set.characters.contains(character) } else { character.isSpace }
        }
        var start = 0
        var end = count
        while left, start < end, goes(characters[start]) { start += 1 }
        while right, end > start, goes(characters[end - 1]) { end -= 1 }
        return self[start..<end]
    }

    /// The parts between occurrences of a text, from the left; all for a negative limit.
    func split(by separator: MarkedText, limit: Int = -1) -> [MarkedText] {
        var parts: [MarkedText] = []
        var start = 0
        while parts.count != limit, let range = range(of: separator, from: start) {
            parts.append(self[start..<range.lowerBound])
            start = range.upperBound
        }
        return parts + [self[start..<count]]
    }

    /// The parts between occurrences of a text, from the right.
    func splitFromRight(by separator: MarkedText, limit: Int = -1) -> [MarkedText] {
        var parts: [MarkedText] = []
        var end = count
        while parts.count != limit, let range = lastRange(of: separator, to: end) {
            parts.append(self[range.upperBound..<end])
            end = range.lowerBound
        }
        parts.append(self[0..<end])
        return parts.reversed()
    }

    /// The words between white space; what is left after `limit` splits keeps its inner space.
    func words(limit: Int = -1) -> [MarkedText] {
        var parts: [MarkedText] = []
        var start = 0
        while true {
            while start < count, characters[start].isSpace { start += 1 }
            if start == count { return parts }
            if parts.count == limit {
                return parts + [self[start..<count]]
            }
            var end = start
            while end < count, !characters[end].isSpace { end += 1 }
            parts.append(self[start..<end])
            start = end
        }
    }

    /// The words, counted from the right where there is a limit.
    func wordsFromRight(limit: Int) -> [MarkedText] {
        var parts: [MarkedText] = []
        var end = count
        while true {
            while end > 0, characters[end - 1].isSpace { end -= 1 }
            if end == 0 { return parts.reversed() }
            if parts.count == limit {
                return [self[0..<end]] + parts.reversed()
            }
            var start = end
            while start > 0, !characters[start - 1].isSpace { start -= 1 }
            parts.append(self[start..<end])
            end = start
        }
    }

    /// The lines, without their ends or with.
    func lines(keepingEnds: Bool = false) -> [MarkedText] {
        var lines: [MarkedText] = []
        var start = 0
        var index = 0
        while index < count {
            guard characters[index].isLineBreak else {
                index += 1
                continue
            }
            let isPair =
                characters[index] == "\r" && index + 1 < count && characters[index + 1] == "\n"
            let next = index + (isPair ? 2 : 1)
            lines.append(self[start..<(keepingEnds ? next : index)])
            start = next
            index = next
        }
        if start < count { lines.append(self[start..<count]) }
        return lines
    }
}
