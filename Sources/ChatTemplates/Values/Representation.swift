extension Interpreter {
    /// Python's `str`.
    func text(of value: Value) throws(TemplateError) -> MarkedText {
        switch value {
        case .undefined: return MarkedText()
        case .text(var text):
            text.isEscaped = false
            return text
        default: return try representation(of: value)
        }
    }

    /// Python's `str`, except that an escaped text stays one.
    func softText(of value: Value) throws(TemplateError) -> MarkedText {
        if case .text(let text) = value { return text }
        return try text(of: value)
    }

    /// Python's `repr`.
    func representation(of value: Value) throws(TemplateError) -> MarkedText {
        var text = MarkedText()
        try represent(value, &text, depth: 0)
        try checkLength(text.count)
        return text
    }

    private func represent(
        _ value: Value, _ text: inout MarkedText, depth: Int
    ) throws(TemplateError) {
        guard depth <= TemplateLimits.valueDepth else { throw tooDeep }
        try charge(steps: 1)
        switch value {
        case .undefined: text.append(own: "Undefined")
        case .none: text.append(own: "None")
        case .bool(let value): text.append(own: value ? "True" : "False")
        case .integer(let value): text.append(own: String(value))
        case .float(let value): text.append(own: FloatFormat.shortest(value))
        case .text(let value):
            try charge(work: 2 * value.count)
            represent(value, &text)
        case .list(let elements): try represent(elements.items, "[", "]", &text, depth)
        case .tuple(let elements):
            try represent(elements.items, "(", elements.count == 1 ? ",)" : ")", &text, depth)
        case .dictionary(let members): try represent(members, &text, depth)
        case .view(let members, let part):
            text.append(own: "dict_\(part.rawValue)(")
            try represent(members.part(part), "[", "]", &text, depth)
            text.append(own: ")")
        case .range(let range):
            let step = range.step == 1 ? "" : ", \(range.step)"
            text.append(own: "range(\(range.start), \(range.stop)\(step))")
        case .namespace(let namespace):
            text.append(own: "<Namespace ")
            try represent(namespace.values, &text, depth)
            text.append(own: ">")
        case .loop(let loop):
            text.append(own: "<LoopContext \(loop.index + 1)/\(loop.items.count)>")
        case .function(.macro(let macro)):
            text.append(own: "<Macro '\(macro.definition.name)'>")
        default: text.append(own: "<\(value.typeName) object>")
        }
        try checkLength(text.count)
    }

    private func represent(
        _ items: [Value], _ open: String, _ close: String, _ text: inout MarkedText, _ depth: Int
    ) throws(TemplateError) {
        text.append(own: open)
        for (index, item) in items.enumerated() {
            if index > 0 { text.append(own: ", ") }
            try represent(item, &text, depth: depth + 1)
        }
        text.append(own: close)
    }

    private func represent(
        _ members: OrderedValues, _ text: inout MarkedText, _ depth: Int
    ) throws(TemplateError) {
        text.append(own: "{")
        for (index, entry) in members.entries.enumerated() {
            if index > 0 { text.append(own: ", ") }
            try represent(entry.key, &text, depth: depth + 1)
            text.append(own: ": ")
            try represent(entry.value, &text, depth: depth + 1)
        }
        text.append(own: "}")
    }

    private func represent(_ value: MarkedText, _ text: inout MarkedText) {
        let single = value.characters.contains { $0 == "'" }
        let double = value.characters.contains { $0 == "\"" }
        let quote: Unicode.Scalar = single && !double ? "\"" : "'"
        if value.isEscaped { text.append(own: "Markup(") }
        text.append(own: String(quote))
        for character in value.characters {
            let escape: String
            switch character.scalar {
            case quote, "\\": escape = "\\\(character.scalar)"
            case "\n": escape = "\\n"
            case "\r": escape = "\\r"
            case "\t": escape = "\\t"
            default:
                if character.isPrintable {
                    text.characters.append(character)
                    continue
                }
                escape = Self.escape(character.value)
            }
            for scalar in escape.unicodeScalars {
                text.characters.append(MarkedCharacter(scalar, like: character))
            }
        }
        text.append(own: String(quote))
        if value.isEscaped { text.append(own: ")") }
    }

    private static func escape(_ value: UInt32) -> String {
        let (letter, width) = value < 0x100 ? ("x", 2) : value < 0x1_0000 ? ("u", 4) : ("U", 8)
        let digits = String(value, radix: 16)
        return "\\" + letter + String(repeating: "0", count: width - digits.count) + digits
    }
}
