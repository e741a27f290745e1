/// How Python's `json.dumps` is to write.
struct JSONStyle {
    var asciiOnly = false
    var indent: MarkedText?
    var itemSeparator = MarkedText(own: ", ")
    var keySeparator = MarkedText(own: ": ")
    var sortsKeys = false
}

extension Interpreter {
    /// Python's `json.dumps`: what comes from a text keeps its mark, the rest is the template's.
    func json(_ value: Value, _ style: JSONStyle) throws(TemplateError) -> MarkedText {
        var text = MarkedText()
        try write(value, style, &text, depth: 0)
        return text
    }

    private func write(
        _ value: Value, _ style: JSONStyle, _ text: inout MarkedText, depth: Int
    ) throws(TemplateError) {
        guard depth <= TemplateLimits.valueDepth else { throw tooDeep }
        try charge(steps: 1)
        switch value {
        case .none: text.append(own: "null")
        case .bool(let value): text.append(own: value ? "true" : "false")
        case .integer(let value): text.append(own: String(value))
        case .float(let value): text.append(own: FloatFormat.json(value))
        case .text(let value):
            try charge(work: 2 * value.count)
            write(value, style, &text)
        case .list(let elements), .tuple(let elements):
            let entries: [(key: MarkedText?, value: Value)] = elements.items.map { (nil, $0) }
            try write(entries, "[", "]", style, &text, depth)
        case .dictionary(let members):
            try write(try sorted(members, style), "{", "}", style, &text, depth)
        default:
            throw TemplateError(
                .type, "object of type \(value.typeName) is not JSON serializable")
        }
        try checkLength(text.count)
    }

    private func sorted(
        _ members: OrderedValues, _ style: JSONStyle
    ) throws(TemplateError) -> [(key: MarkedText?, value: Value)] {
        var entries = members.entries
        if style.sortsKeys {
            entries = try sort(entries) { entry in entry.key }
        }
        var written: [(key: MarkedText?, value: Value)] = []
        for (key, value) in entries { written.append((try jsonKey(key), value)) }
        return written
    }

    private func jsonKey(_ key: Value) throws(TemplateError) -> MarkedText {
        switch key {
        case .text(let text): return text
        case .integer(let value): return MarkedText(own: String(value))
        case .bool(let value): return MarkedText(own: value ? "true" : "false")
        case .float(let value): return MarkedText(own: FloatFormat.json(value))
        case .none: return MarkedText(own: "null")
        default:
            throw TemplateError(
                .type, "keys must be str, int, float, bool or None, not \(key.typeName)")
        }
    }

    private func write(
        _ entries: [(key: MarkedText?, value: Value)], _ open: String, _ close: String,
        _ style: JSONStyle, _ text: inout MarkedText, _ depth: Int
    ) throws(TemplateError) {
        text.append(own: open)
        for (index, (key, value)) in entries.enumerated() {
            if index > 0 { text.append(style.itemSeparator) }
            try breakLine(style, &text, depth + 1)
            if let key {
                write(key, style, &text)
                text.append(style.keySeparator)
            }
            try write(value, style, &text, depth: depth + 1)
        }
        if !entries.isEmpty { try breakLine(style, &text, depth) }
        text.append(own: close)
    }

    private func breakLine(
        _ style: JSONStyle, _ text: inout MarkedText, _ depth: Int
    ) throws(TemplateError) {
        guard let indent = style.indent else { return }
        try charge(work: indent.count * depth)
        try checkLength(text.count + indent.count * depth)
        text.append(own: "\n")
        for _ in 0..<depth { text.append(indent) }
    }

    private func write(_ value: MarkedText, _ style: JSONStyle, _ text: inout MarkedText) {
        text.append(own: "\"")
        for character in value.characters {
            guard let escape = Self.jsonEscape(character.scalar, style.asciiOnly) else {
                text.characters.append(character)
                continue
            }
            for scalar in escape.unicodeScalars {
                text.characters.append(MarkedCharacter(scalar, like: character))
            }
        }
        text.append(own: "\"")
    }

    private static func jsonEscape(_ scalar: Unicode.Scalar, _ asciiOnly: Bool) -> String? {
        switch scalar {
        case "\"": return "\\\""
        case "\\": return "\\\\"
        case "\n": return "\\n"
        case "\r": return "\\r"
        case "\t": return "\\t"
        case "\u{8}": return "\\b"
        case "\u{C}": return "\\f"
        default:
            guard scalar.value < 0x20 || asciiOnly && scalar.value > 0x7E else { return nil }
            if asciiOnly, scalar.value == 0x7F { return nil }
            return String(scalar).utf16.map { unit in
                let digits = String(unit, radix: 16)
                return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }.joined()
        }
    }
}
