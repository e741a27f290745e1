/// Cuts a source into tokens, with Jinja's `trim_blocks` and `lstrip_blocks`: the line break after
/// a `{% %}` or `{# #}` goes, and so does the white space before it on its line.
struct Lexer {
    let source: [MarkedCharacter]
    var index = 0
    var tokens: [Token] = []

    /// Whether what was read last ended a line.
    private var startsLine = true
    private let lineStarts: [Int]

    /// The tokens of a source.
    static func tokens(of source: String) throws(TemplateError) -> [Token] {
        var lexer = Lexer(source)
        guard lexer.source.count <= TemplateLimits.sourceCharacters else {
            throw TemplateError(
                .limit, "a template of more than \(TemplateLimits.sourceCharacters) characters")
        }
        try lexer.run()
        lexer.tokens.append(Token(kind: .end, place: lexer.place(at: lexer.source.count)))
        return lexer.tokens
    }

    private init(_ text: String) {
        var source: [MarkedCharacter] = []
        var starts = [0]
        var previous: Unicode.Scalar?
        for scalar in text.unicodeScalars {
            defer { previous = scalar }
            if scalar == "\n", previous == "\r" { continue }
            let unit: Unicode.Scalar = scalar == "\r" ? "\n" : scalar
            source.append(MarkedCharacter(unit, isForeign: false))
            if unit == "\n" { starts.append(source.count) }
        }
        if source.last == MarkedCharacter("\n", isForeign: false) { source.removeLast() }
        self.source = source
        lineStarts = starts
    }

    func place(at index: Int) -> Place {
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= index { low = middle } else { high = middle }
        }
        return Place(line: low + 1, column: index - lineStarts[low] + 1)
    }

    func error(_ message: String, at index: Int) -> TemplateError {
        TemplateError(.syntax, message).placed(at: place(at: index))
    }

    /// Whether the source has a text at an index.
    func has(_ text: StaticString, at index: Int) -> Bool {
        var index = index
        for scalar in String(describing: text).unicodeScalars {
            guard index < source.count, source[index] == scalar else { return false }
            index += 1
        }
        return true
    }

    private mutating func run() throws(TemplateError) {
        while index < source.count {
            guard let start = nextTag() else {
                emitData(index..<source.count)
                return
            }
            let isOutput = has("{{", at: start)
            let isComment = has("{#", at: start)
            var inside = start + 2
            let sign = source.indices.contains(inside) ? source[inside] : nil
            if sign == MarkedCharacter("-", isForeign: false)
                || sign == MarkedCharacter("+", isForeign: false)
            {
                inside += 1
            }
            emitText(before: start, isOutput: isOutput)
            startsLine = false
            if isComment {
                try skipComment(from: inside, tag: start)
            } else if !isOutput, let body = rawBegin(from: inside) {
                try readRaw(from: body, tag: start)
            } else {
                index = inside
                let kind: Token.Kind = isOutput ? .outputBegin : .tagBegin
                tokens.append(Token(kind: kind, place: place(at: start)))
                try readTag(isOutput: isOutput)
            }
        }
    }

    private func nextTag() -> Int? {
        source.indices[index...].first { at in
            has("{{", at: at) || has("{%", at: at) || has("{#", at: at)
        }
    }

    private mutating func emitData(_ range: Range<Int>) {
        if range.isEmpty { return }
        tokens.append(
            Token(
                kind: .data(MarkedText(Array(source[range]))), place: place(at: range.lowerBound)))
    }

    /// Passes on the text up to a tag, without the white space that the tag takes.
    private mutating func emitText(before start: Int, isOutput: Bool) {
        var end = start
        if has("-", at: start + 2) {
            while end > index, source[end - 1].isSpace { end -= 1 }
        } else if !has("+", at: start + 2), !isOutput {
            var line = end
            while line > index, source[line - 1].isSpace, source[line - 1] != "\n" { line -= 1 }
            let isFirst = line == index && startsLine
            if isFirst || line > index && source[line - 1] == "\n" { end = line }
        }
        emitData(index..<end)
    }

    /// Passes over the end of a tag and the white space that goes with it; nil where none is.
    func end(of tag: StaticString, at start: Int, trims: Bool) -> Int? {
        if has("-", at: start), has(tag, at: start + 1) {
            var after = start + 3
            while after < source.count, source[after].isSpace { after += 1 }
            return after
        }
        if trims, has("+", at: start), has(tag, at: start + 1) { return start + 3 }
        guard has(tag, at: start) else { return nil }
        return start + (trims && has("\n", at: start + 2) ? 3 : 2)
    }

    /// Goes on after a tag.
    mutating func finishTag(at after: Int) {
        startsLine = source[after - 1] == "\n"
        index = after
    }

    private mutating func skipComment(from start: Int, tag: Int) throws(TemplateError) {
        // Jinja2 takes a comment without anything for one that ended.
        if start == source.count { return finishTag(at: start) }
        for at in start..<source.count {
            if let after = end(of: "#}", at: at, trims: true) { return finishTag(at: after) }
        }
        throw error("the comment has no end", at: tag)
    }

    /// Where the text of `{% raw %}` begins, if this is its tag.
    private func rawBegin(from start: Int) -> Int? {
        guard let after = word("raw", at: start) else { return nil }
        return end(of: "%}", at: after, trims: false)
    }

    /// Passes over white space, a word, and white space.
    private func word(_ word: StaticString, at start: Int) -> Int? {
        var at = start
        while at < source.count, source[at].isSpace { at += 1 }
        guard has(word, at: at) else { return nil }
        at += word.utf8CodeUnitCount
        while at < source.count, source[at].isSpace { at += 1 }
        return at
    }

    private mutating func readRaw(from start: Int, tag: Int) throws(TemplateError) {
        index = start
        if start == source.count { return }
        for at in start..<source.count where has("{%", at: at) {
            let signed = has("-", at: at + 2) || has("+", at: at + 2)
            guard let last = word("endraw", at: at + (signed ? 3 : 2)),
                let after = end(of: "%}", at: last, trims: true)
            else { continue }
            emitText(before: at, isOutput: false)
            return finishTag(at: after)
        }
        throw error("the 'raw' block has no end", at: tag)
    }
}
