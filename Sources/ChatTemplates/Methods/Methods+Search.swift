extension Interpreter {
    func callSplit(
        _ name: String, _ text: MarkedText, _ arguments: Arguments
    ) throws(TemplateError) -> Value {
        if name == "splitlines" {
            let bound = try arguments.bound(to: ["keepends"], of: name)
            return try make(texts: text.lines(keepingEnds: bound[0]?.isTrue ?? false))
        }
        let isPartition = name == "partition" || name == "rpartition"
        let bound = try arguments.bound(
            to: isPartition ? ["sep"] : ["sep", "maxsplit"], of: name,
            required: isPartition ? 1 : 0)
        let separator = try self.text(bound[0], "sep")
        if let separator {
            if separator.isEmpty { throw TemplateError(.value, "empty separator") }
            try charge(searching: text, for: separator)
        }
        if isPartition {
            guard let separator else {
                throw TemplateError(.type, "the separator must be a string")
            }
            return try partition(text, by: separator, fromRight: name == "rpartition")
        }
        let limit = bound.count > 1 ? try integer(bound[1], "maxsplit", or: -1) : -1
        // Every part is a value of its own: their number is paid for before they are made.
        try charge(steps: separator.map { text.occurrences(of: $0) } ?? text.count / 2)
        guard let separator else {
            return try make(
                texts: name == "split"
                    ? text.words(limit: limit) : text.wordsFromRight(limit: limit))
        }
        return try make(
            texts: name == "split"
                ? text.split(by: separator, limit: limit)
                : text.splitFromRight(by: separator, limit: limit))
    }

    private func partition(
        _ text: MarkedText, by separator: MarkedText, fromRight: Bool
    ) throws(TemplateError) -> Value {
        let found = fromRight ? text.lastRange(of: separator) : text.range(of: separator)
        let parts: [MarkedText]
        if let found {
            parts = [
                text[0..<found.lowerBound], text[found], text[found.upperBound..<text.count],
            ]
        } else {
            parts =
                fromRight
                ? [MarkedText(), MarkedText(), text] : [text, MarkedText(), MarkedText()]
        }
        return try make(tuple: parts.map { .text($0) })
    }

    func callSearch(
        _ name: String, _ text: MarkedText, _ arguments: Arguments
    ) throws(TemplateError) -> Value {
        let bound = try arguments.bound(to: ["sub", "start", "end"], of: name, required: 1)
        func place(_ value: Value?, or fallback: Int) throws(TemplateError) -> Int {
            guard let value, !value.isNone else { return fallback }
            let index = try integer(value, "start", or: fallback)
            return min(max(index < 0 ? index + text.count : index, 0), text.count)
        }
        // A start behind the end of the text finds nothing, not even the empty text.
        let isBehind = (bound[1]?.asInteger ?? 0) > text.count
        let start = try place(bound[1], or: 0)
        let end = try place(bound[2], or: text.count)
        let part = isBehind || start > end ? nil : text[start..<end]
        if name == "startswith" || name == "endswith" {
            return .bool(
                try affixes(bound[0] ?? .none, name).contains { affix in
                    guard let part else { return false }
                    return name == "startswith" ? part.hasPrefix(affix) : part.hasSuffix(affix)
                })
        }
        guard let wanted = bound[0]?.asText else {
            throw TemplateError(.type, "\(name)() takes a string")
        }
        try charge(searching: text, for: wanted)
        if name == "count" { return .integer(part?.occurrences(of: wanted) ?? 0) }
        let found = name.hasPrefix("r") ? part?.lastRange(of: wanted) : part?.range(of: wanted)
        if let found { return .integer(found.lowerBound + start) }
        if name.hasSuffix("index") { throw TemplateError(.value, "substring not found") }
        return .integer(-1)
    }

    /// What `startswith` and `endswith` look for: a string or several in a tuple.
    private func affixes(_ value: Value, _ name: String) throws(TemplateError) -> [MarkedText] {
        if let text = value.asText { return [text] }
        guard case .tuple(let elements) = value else {
            throw TemplateError(
                .type, "\(name)() takes a string or a tuple of strings, not \(value.typeName)")
        }
        var affixes: [MarkedText] = []
        for element in elements.items {
            guard let text = element.asText else {
                throw TemplateError(.type, "\(name)() takes a string or a tuple of strings")
            }
            affixes.append(text)
        }
        return affixes
    }

    func callPadding(
        _ name: String, _ text: MarkedText, _ arguments: Arguments
    ) throws(TemplateError) -> Value {
        if name == "expandtabs" {
            let bound = try arguments.bound(to: ["tabsize"], of: name)
            return try expanded(text, try integer(bound[0], "tabsize", or: 8))
        }
        let bound = try arguments.bound(
            to: name == "zfill" ? ["width"] : ["width", "fillchar"], of: name, required: 1)
        let width = try integer(bound[0], "width", or: 0)
        if name == "zfill" {
            let signed = text.characters.first.map { $0 == "-" || $0 == "+" } ?? false
            let digits = text[(signed ? 1 : 0)..<text.count]
            try checkLength(width)
            let missing = max(width - text.count, 0)
            var result = text[0..<(signed ? 1 : 0)]
            result.append(own: String(repeating: "0", count: missing))
            result.append(digits)
            return try make(result)
        }
        let fill = try self.text(bound[1], "fillchar") ?? MarkedText(own: " ")
        let side: Side = name == "center" ? .both : name == "ljust" ? .right : .left
        return try padded(text, to: width, with: fill, side: side)
    }

    private func expanded(_ text: MarkedText, _ size: Int) throws(TemplateError) -> Value {
        var result = MarkedText()
        var column = 0
        try checkLength(size)
        for character in text.characters {
            if character == "\t" {
                let spaces = size > 0 ? size - column % size : 0
                try checkLength(result.count + spaces)
                for _ in 0..<spaces {
                    result.characters.append(MarkedCharacter(" ", like: character))
                }
                column += spaces
            } else {
                result.characters.append(character)
                column = character == "\n" || character == "\r" ? 0 : column + 1
            }
        }
        return try make(result)
    }
}
