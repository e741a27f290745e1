extension TextScanner {
    private static let anyLetter: CharacterClass = [.letter, .mark]

    /// The o200k pattern: words that end where the case rises again, then numbers, punctuation
    /// with line breaks and slashes, line breaks, whitespace.
    func casedWords(digits: Int, contractions: Bool, _ position: Int, _ end: Int) -> Int {
        let first = character(position, end)
        let lead = text[position]
        let isBreak = lead == UInt8(ascii: "\n") || lead == UInt8(ascii: "\r")
        if let stop = casedWord(first, isBreak: isBreak, position, end) {
            guard contractions else { return stop }
            return contraction(stop, end, anyCase: true) ?? stop
        }
        if first.kind.meets(.number) { return numbers(digits, position, end) }
        let start = lead == UInt8(ascii: " ") ? position + 1 : position
        let others: CharacterClass = [.letter, .number, .whitespace]
        if start < end, !kind(start, end).meets(others) {
            return lineBreaks(run(outside: others, from: start, end), end, slash: true)
        }
        return breaksOrWhitespace(position, end)
    }

    /// `[^\r\n\p{L}\p{N}]?U*L+` or else `[^\r\n\p{L}\p{N}]?U+L*`, where U are capitals, L small
    /// letters, and letters without case and marks are both.
    private func casedWord(
        _ first: Character, isBreak: Bool, _ position: Int, _ end: Int
    ) -> Int? {
        // A mark may be the leading character or a part of the word: both are tried, in this order.
        let mayLead = !isBreak && !first.kind.meets([.letter, .number])
        let afterLead = position + first.width
        let isWord = first.kind.meets(Self.anyLetter)
        guard isWord || (mayLead && kind(afterLead, end).meets(Self.anyLetter)) else { return nil }
        if mayLead, let stop = endingSmall(afterLead, end) { return stop }
        if isWord, let stop = endingSmall(position, end) { return stop }
        if mayLead, let stop = beginningCapital(afterLead, end) { return stop }
        return isWord ? beginningCapital(position, end) : nil
    }

    /// `U*L+`.
    private func endingSmall(_ position: Int, _ end: Int) -> Int? {
        var stop = position
        // Where U* may give back its last letter without a case for L+ to match it.
        var caseless: Int?
        while stop < end {
            let next = character(stop, end)
            guard next.kind.meets(Self.anyLetter), !next.kind.meets(.lower) else { break }
            stop += next.width
            if !next.kind.meets(.upper) { caseless = stop }
        }
        let small = endOfSmall(stop, end)
        return small > stop ? small : caseless
    }

    /// `U+L*`, where `U*L+` has not matched.
    private func beginningCapital(_ position: Int, _ end: Int) -> Int? {
        var stop = position
        while stop < end {
            let next = character(stop, end)
            guard next.kind.meets(Self.anyLetter), !next.kind.meets(.lower) else { break }
            stop += next.width
        }
        return stop > position ? endOfSmall(stop, end) : nil
    }

    /// `L*`.
    private func endOfSmall(_ position: Int, _ end: Int) -> Int {
        var stop = position
        while stop < end {
            let next = character(stop, end)
            guard next.kind.meets(Self.anyLetter), !next.kind.meets(.upper) else { break }
            stop += next.width
        }
        return stop
    }
}
