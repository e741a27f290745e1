import Patterns

extension TextScanner {
    /// The end of the piece that begins at `position`, by one rule; `position` is before `end`.
    ///
    /// - Complexity: O(length of the piece and of the whitespace around its end).
    func pieceEnd(_ rule: SplitRule, _ position: Int, _ end: Int) -> Int {
        switch rule {
        case .gpt2: gpt2(position, end)
        case .words(let rule): words(rule, position, end)
        case .casedWords(let digits, let contractions):
            casedWords(digits: digits, contractions: contractions, position, end)
        case .punctuatedWords: punctuatedWords(position, end)
        case .numbers(let limit): numberPiece(limit, position, end)
        case .byteAlphabetNumbers(let limit): byteAlphabetNumberPiece(limit, position, end)
        case .digitTriples: digitTriple(position, end)
        case .lineBreaks: lineBreak(position, end)
        case .lines: line(position, end)
        case .punctuationRuns(let backtick): punctuationRun(backtick: backtick, position, end)
        case .punctuation: punctuationPiece(position, end)
        case .letters: spacedRun(position, end) { $0.kind($1, $2).meets(.letter) }
        case .spacedPunctuation: spacedRun(position, end) { $0.kind($1, $2).meets(.punctuation) }
        case .casedScripts: spacedRun(position, end) { $0.isIn(ScalarSet.casedScripts, $1, $2) }
        case .widePunctuation:
            spacedRun(position, end) { $0.isIn(ScalarSet.widePunctuation, $1, $2) }
        case .trailingWhitespace: trailingWhitespace(position, end)
        case .eastAsian: plainRun(position, end) { $0.isIn(ScalarSet.eastAsian, $1, $2) }
        case .hanAndKana: plainRun(position, end) { $0.isIn(ScalarSet.hanAndKana, $1, $2) }
        case .bloom: bloomPiece(position, end)
        case .spaces: spaceEnd(position, end)
        case .escapedWords(let joining): escapedWord(position, end, unless: joining)
        case .escapedSpaces: escapedSpace(position, end)
        case .pattern, .rewriting: end
        }
    }

    /// Whether the character at `position` is in `set`.
    @inline(__always)
    func isIn(_ set: ScalarSet, _ position: Int, _ end: Int) -> Bool {
        position < end && set.contains(UInt32(scalar(position, end).value))
    }

    private typealias Test = (borrowing TextScanner, Int, Int) -> Bool

    /// The width of the character at `position`.
    @inline(__always)
    private func width(_ position: Int, _ end: Int) -> Int {
        min(Self.width(of: text[position]), end - position)
    }

    /// Pieces of one or more characters that pass a test, and what lies between them.
    @inline(__always)
    private func plainRun(_ position: Int, _ end: Int, _ test: Test) -> Int {
        let inside = test(self, position, end)
        var stop = position
        repeat { stop += width(stop, end) } while stop < end && test(self, stop, end) == inside
        return stop
    }

    /// As `plainRun`, where one whitespace character before a run belongs to the run: `\s?x+`.
    @inline(__always)
    private func spacedRun(_ position: Int, _ end: Int, _ test: Test) -> Int {
        let first = character(position, end)
        var stop = position
        // Tests of sets that hold whitespace (U+3000) come first, as `\s?` gives way to `x+`.
        if first.kind.meets(.whitespace), test(self, position + first.width, end) {
            stop += first.width
        }
        if test(self, stop, end) {
            repeat { stop += width(stop, end) } while stop < end && test(self, stop, end)
            return stop
        }
        // The gap before the next run: up to the run, or up to one whitespace character before it.
        repeat {
            let next = character(stop, end)
            if stop > position, next.kind.meets(.whitespace), test(self, stop + next.width, end) {
                break
            }
            stop += next.width
        } while stop < end && !test(self, stop, end)
        return stop
    }

    private func numberPiece(_ limit: Int, _ position: Int, _ end: Int) -> Int {
        if kind(position, end).meets(.number) { return numbers(limit, position, end) }
        return run(outside: .number, from: position, end)
    }

    private func byteAlphabetNumberPiece(_ limit: Int, _ position: Int, _ end: Int) -> Int {
        func isNumber(_ byte: UInt8) -> Bool {
            switch byte {
            case 0x30...0x39, 0xB2, 0xB3, 0xB9, 0xBC...0xBE: true
            default: false
            }
        }
        let inside = isNumber(text[position])
        var stop = position + 1
        while stop < end, isNumber(text[stop]) == inside, !inside || stop - position < limit {
            stop += 1
        }
        return stop
    }

    private func digitTriple(_ position: Int, _ end: Int) -> Int {
        func isTriple(_ start: Int) -> Bool {
            start + 3 <= end && isDigit(start) && isDigit(start + 1) && isDigit(start + 2)
        }
        if isTriple(position) { return position + 3 }
        var stop = position + 1
        while stop < end, !isTriple(stop) { stop += 1 }
        return stop
    }

    @inline(__always)
    private func isDigit(_ position: Int) -> Bool { (0x30...0x39).contains(text[position]) }

    private func lineBreak(_ position: Int, _ end: Int) -> Int {
        func isBreak(_ position: Int) -> Bool {
            text[position] == UInt8(ascii: "\n") || text[position] == UInt8(ascii: "\r")
        }
        if isBreak(position) { return position + 1 }
        var stop = position + 1
        while stop < end, !isBreak(stop) { stop += 1 }
        return stop
    }

    private func line(_ position: Int, _ end: Int) -> Int {
        let inside = text[position] == UInt8(ascii: "\n")
        var stop = position + 1
        while stop < end, (text[stop] == UInt8(ascii: "\n")) == inside { stop += 1 }
        return stop
    }

    private func punctuationRun(backtick: Bool, _ position: Int, _ end: Int) -> Int {
        plainRun(position, end) { scanner, position, end in
            let byte = scanner.text[position]
            if byte < 0x80, scanner.kind(position, end).meets(.symbol) {
                return backtick || byte != UInt8(ascii: "`")
            }
            return scanner.kind(position, end).meets(.punctuation)
        }
    }

    private func punctuationPiece(_ position: Int, _ end: Int) -> Int {
        func isPunctuation(_ position: Int) -> Bool {
            let kinds: CharacterClass =
                text[position] < 0x80 ? [.punctuation, .symbol] : .punctuation
            return kind(position, end).meets(kinds)
        }
        var stop = position + width(position, end)
        if isPunctuation(position) { return stop }
        while stop < end, !isPunctuation(stop) { stop += width(stop, end) }
        return stop
    }

    private func trailingWhitespace(_ position: Int, _ end: Int) -> Int {
        // Whitespace that does not reach the end is passed over at once: nothing in it matches.
        var stop = position
        while stop < end {
            let afterSpace = run(of: .whitespace, from: stop, end)
            if afterSpace == end { return stop == position ? end : stop }
            stop = run(outside: .whitespace, from: afterSpace, end)
        }
        return end
    }

    private func bloomPiece(_ position: Int, _ end: Int) -> Int {
        func isWord(_ position: Int) -> Bool {
            position < end && !kind(position, end).meets(.whitespace)
                && !isIn(ScalarSet.bloomSeparators, position, end)
        }
        var stop = position
        if text[position] == UInt8(ascii: " "), isWord(position + 1) { stop += 1 }
        if isWord(stop) {
            repeat { stop += width(stop, end) } while isWord(stop)
            return stop
        }
        repeat {
            if stop > position, text[stop] == UInt8(ascii: " "), isWord(stop + 1) { break }
            stop += width(stop, end)
        } while stop < end && !isWord(stop)
        return stop
    }

    private func spaceEnd(_ position: Int, _ end: Int) -> Int {
        var stop = position
        while stop < end, text[stop] != UInt8(ascii: " ") { stop += 1 }
        return min(stop + 1, end)
    }

    private func isEscapedSpace(_ position: Int, _ end: Int) -> Bool {
        position + 3 <= end && text[position] == 0xE2 && text[position + 1] == 0x96
            && text[position + 2] == 0x81
    }

    private func escapedWord(_ position: Int, _ end: Int, unless joining: ByteSet) -> Int {
        var stop = position
        while isEscapedSpace(stop, end) { stop += 3 }
        while stop < end {
            if text[stop] == 0xE2, isEscapedSpace(stop, end) {
                guard stop > position, joining.contains(text[stop - 1]) else { break }
                while isEscapedSpace(stop, end) { stop += 3 }
            } else {
                stop += 1
            }
        }
        return stop
    }

    private func escapedSpace(_ position: Int, _ end: Int) -> Int {
        var stop = isEscapedSpace(position, end) ? position + 3 : position
        while stop < end, text[stop] != 0xE2 || !isEscapedSpace(stop, end) { stop += 1 }
        return stop
    }
}
