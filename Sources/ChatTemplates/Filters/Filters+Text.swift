extension Filters {
    /// A filter of a text alone.
    private static func plain(
        _ name: String, _ body: @escaping @Sendable (MarkedText) -> MarkedText
    ) -> Filter {
        { (run, value, arguments) throws(TemplateError) in
            _ = try arguments.bound(to: [], of: name)
            let text = try run.softText(of: value)
            try run.charge(work: text.count)
            return try run.make(body(text))
        }
    }

    static let texts: [String: Filter] = [
        "upper": plain("upper") { $0.uppercased() },
        "lower": plain("lower") { $0.lowercased() },
        "capitalize": plain("capitalize") { $0.capitalized() },
        "title": plain("title") { title($0) },
        "escape": plain("escape") { $0.escaped() },
        "e": plain("e") { $0.escaped() },
        "forceescape": plain("forceescape") { text in
            var text = text
            text.isEscaped = false
            return text.escaped()
        },
        "safe": plain("safe") { text in
            var text = text
            text.isEscaped = true
            return text
        },
        "string": { (run, value, arguments) throws(TemplateError) in
            _ = try arguments.bound(to: [], of: "string")
            return .text(try run.softText(of: value))
        },
        "trim": { (run, value, arguments) throws(TemplateError) in
            let bound = try arguments.bound(to: ["chars"], of: "trim")
            let set = try run.text(bound[0], "chars")
            let text = try run.softText(of: value)
            try run.charge(work: text.count * (1 + (set?.count ?? 0) / 8))
            return try run.make(text.stripped(set))
        },
        "replace": { (run, value, arguments) throws(TemplateError) in
            let bound = try arguments.bound(
                to: ["old", "new", "count"], of: "replace", required: 2)
            let text = try run.text(of: value)
            let old = try run.text(of: bound[0] ?? .none)
            let new = try run.text(of: bound[1] ?? .none)
            let limit = bound[2]?.isNone == true ? -1 : try run.integer(bound[2], "count", or: -1)
            return try run.replace(old, with: new, in: text, limit: limit)
        },
        "format": { (run, value, arguments) throws(TemplateError) in
            let format = try run.softText(of: value)
            if arguments.named.isEmpty {
                let values = try run.make(tuple: arguments.positional)
                return try run.make(try run.formatted(format, with: values))
            }
            guard arguments.positional.isEmpty else {
                throw TemplateError(.type, "format takes positional or named arguments, not both")
            }
            var members = OrderedValues()
            for (name, value) in arguments.named { members.set(MarkedText(own: name), to: value) }
            return try run.make(try run.formatted(format, with: .dictionary(members)))
        },
    ]

    /// Jinja's own idea of a title, which is not Python's: words begin after white space, `-` or
    /// an opening bracket.
    private static func title(_ text: MarkedText) -> MarkedText {
        func separates(_ character: MarkedCharacter) -> Bool {
            character.isSpace || "-({[<".unicodeScalars.contains(character.scalar)
        }
        var result = MarkedText()
        var start = 0
        while start < text.count {
            let isSeparator = separates(text.characters[start])
            var end = start
            while end < text.count, separates(text.characters[end]) == isSeparator { end += 1 }
            result.append(text[start..<start + 1].uppercased())
            result.append(text[start + 1..<end].lowercased())
            start = end
        }
        return result
    }
}

extension Interpreter {
    /// Python's `str.replace`, with its result's size known beforehand.
    func replace(
        _ old: MarkedText, with new: MarkedText, in text: MarkedText, limit: Int
    ) throws(TemplateError) -> Value {
        try charge(searching: text, for: old)
        if new.count > old.count {
            let found = text.occurrences(of: old)
            let replaced = limit < 0 ? found : min(found, limit)
            let (growth, overflow) = replaced.multipliedReportingOverflow(
                by: new.count - old.count)
            try checkLength(overflow ? .max : text.count + growth)
        }
        return try make(text.replacing(old, with: new, limit: limit))
    }
}
