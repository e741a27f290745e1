// The patterns whose matches cover all text. Each function names the alternatives of its pattern in
// order; the first that matches is the piece, as in a regular expression.
extension TextScanner {
    private static let letterNumberSpace: CharacterClass = [.letter, .number, .whitespace]

    /// The end of the contraction at `position` (`'s`, `'re`, ...), or nil.
    @inline(__always)
    func contraction(_ position: Int, _ end: Int, anyCase: Bool) -> Int? {
        guard position < end, text[position] == UInt8(ascii: "'") else { return nil }
        let fold: UInt8 = anyCase ? 0x20 : 0
        let first = byte(position + 1, end) | fold
        switch first {
        case UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "m"), UInt8(ascii: "d"):
            return position + 2
        case UInt8(ascii: "r"), UInt8(ascii: "v"):
            return byte(position + 2, end) | fold == UInt8(ascii: "e") ? position + 3 : nil
        case UInt8(ascii: "l"):
            return byte(position + 2, end) | fold == UInt8(ascii: "l") ? position + 3 : nil
        case 0xC5 | fold where anyCase:
            // U+017F, the long s, folds to s.
            return byte(position + 1, end) == 0xC5 && byte(position + 2, end) == 0xBF
                ? position + 3 : nil
        default: return nil
        }
    }

    /// `\s+(?!\S)|\s+`, for `position` at whitespace: all of it at the end of the text, otherwise
    /// all but its last character, which belongs to the next word (unless it is alone).
    func whitespace(_ position: Int, _ end: Int) -> Int {
        let stop = run(of: .whitespace, from: position, end)
        guard stop < end else { return stop }
        let last = previous(stop, from: position)
        return last > position ? last : stop
    }

    func gpt2(_ position: Int, _ end: Int) -> Int {
        if let stop = contraction(position, end, anyCase: false) { return stop }
        let start = text[position] == UInt8(ascii: " ") ? position + 1 : position
        let first = kind(start, end)
        if first.meets(.letter) { return run(of: .letter, from: start, end) }
        if first.meets(.number) { return run(of: .number, from: start, end) }
        if start < end, !first.meets(.whitespace) {
            return run(outside: Self.letterNumberSpace, from: start, end)
        }
        return whitespace(position, end)
    }

    func words(_ rule: WordRule, _ position: Int, _ end: Int) -> Int {
        if rule.contractions, let stop = contraction(position, end, anyCase: true) { return stop }
        let letters: CharacterClass = rule.marks ? [.letter, .mark] : .letter
        let first = character(position, end)
        let lead = text[position]
        let isBreak = lead == UInt8(ascii: "\n") || lead == UInt8(ascii: "\r")
        if first.kind.meets(.letter) {
            return run(of: letters, from: position + first.width, end)
        }
        if first.kind.meets(.number) { return numbers(rule.digits, position, end) }
        if !isBreak, kind(position + first.width, end).meets(letters) {
            return run(of: letters, from: position + first.width, end)
        }
        if first.kind.meets(letters) { return position + first.width }
        let start = lead == UInt8(ascii: " ") ? position + 1 : position
        let others: CharacterClass =
            rule.marks ? [.letter, .mark, .number, .whitespace] : Self.letterNumberSpace
        if start < end, !kind(start, end).meets(others) {
            let stop = run(outside: others, from: start, end)
            return rule.breaksEndPunctuation ? lineBreaks(stop, end) : stop
        }
        return breaksOrWhitespace(position, end)
    }

    /// `[\r\n]*`, and `[\r\n/]*` with `slash`.
    @inline(__always)
    func lineBreaks(_ position: Int, _ end: Int, slash: Bool = false) -> Int {
        var position = position
        while position < end {
            let byte = text[position]
            guard
                byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
                    || (slash && byte == UInt8(ascii: "/"))
            else { break }
            position += 1
        }
        return position
    }

    /// `\s*[\r\n]+|\s+(?!\S)|\s+`; a single character if none of them matches.
    func breaksOrWhitespace(_ position: Int, _ end: Int) -> Int {
        var stop = position
        var afterBreak = position
        while stop < end {
            let next = character(stop, end)
            guard next.kind.meets(.whitespace) else { break }
            let byte = text[stop]
            stop += next.width
            if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") { afterBreak = stop }
        }
        if afterBreak > position { return afterBreak }
        guard stop > position else { return position + character(position, end).width }
        guard stop < end else { return stop }
        let last = previous(stop, from: position)
        return last > position ? last : stop
    }

    /// Up to `limit` numbers.
    @inline(__always)
    func numbers(_ limit: Int, _ position: Int, _ end: Int) -> Int {
        var position = position
        var count = 0
        while count < limit, position < end {
            let next = character(position, end)
            guard next.kind.meets(.number) else { break }
            position += next.width
            count += 1
        }
        return position
    }

    func punctuatedWords(_ position: Int, _ end: Int) -> Int {
        let lead = text[position]
        let first = character(position, end)
        let marks: CharacterClass = [.punctuation, .symbol]
        if lead < 0x80, first.kind.meets(marks), Self.isASCIILetter(byte(position + 1, end)) {
            var stop = position + 1
            while stop < end, Self.isASCIILetter(text[stop]) { stop += 1 }
            return stop
        }
        let letters: CharacterClass = [.letter, .mark]
        let isBreak = lead == UInt8(ascii: "\n") || lead == UInt8(ascii: "\r")
        if first.kind.meets(.letter) { return run(of: letters, from: position, end) }
        if !isBreak, !first.kind.meets(marks), kind(position + first.width, end).meets(letters) {
            return run(of: letters, from: position + first.width, end)
        }
        if first.kind.meets(letters) { return position + first.width }
        let start = lead == UInt8(ascii: " ") ? position + 1 : position
        if kind(start, end).meets(marks) {
            return lineBreaks(run(of: marks, from: start, end), end)
        }
        if first.kind.meets(.whitespace) { return breaksOrWhitespace(position, end) }
        return punctuatedGap(position, end)
    }

    /// Characters that no alternative of `punctuatedWords` matches: numbers and unassigned ones,
    /// up to where a match may begin.
    private func punctuatedGap(_ position: Int, _ end: Int) -> Int {
        let matched: CharacterClass = [.letter, .mark, .punctuation, .symbol, .whitespace]
        var stop = position
        while stop < end {
            let next = character(stop, end)
            if next.kind.meets(matched) { break }
            // The character before a word belongs to the word.
            if stop > position, kind(stop + next.width, end).meets([.letter, .mark]) { break }
            stop += next.width
        }
        return stop
    }

    @inline(__always)
    static func isASCIILetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
}
