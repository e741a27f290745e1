extension Filters {
    static let structures: [String: Filter] = [
        "default": fallback, "d": fallback,
        "items": { (run, value, arguments) throws(TemplateError) in
            _ = try arguments.bound(to: [], of: "items")
            switch value {
            case .undefined: return try run.make(iterator: [])
            case .dictionary(let members): return try run.make(iterator: members.part(.items))
            default: throw TemplateError(.type, "can only get item pairs from a mapping")
            }
        },
        "attr": { (run, value, arguments) throws(TemplateError) in
            let bound = try arguments.bound(to: ["name"], of: "attr", required: 1)
            if case .undefined(let undefined) = value { throw undefined.error }
            let name = try run.text(of: bound[0] ?? .none).string
            return run.ownAttribute(name, of: value)
                ?? .undefined(
                    Undefined(message: "'\(value.description)' has no attribute '\(name)'"))
        },
        "tojson": { (run, value, arguments) throws(TemplateError) in
            let bound = try arguments.bound(
                to: ["ensure_ascii", "indent", "separators", "sort_keys"], of: "tojson")
            var style = JSONStyle()
            style.asciiOnly = bound[0]?.isTrue ?? false
            style.sortsKeys = bound[3]?.isTrue ?? false
            if let indent = bound[1], !indent.isNone {
                style.indent = try run.jsonIndent(indent)
                style.itemSeparator = MarkedText(own: ",")
            }
            if let separators = bound[2], !separators.isNone {
                let parts = try run.elements(of: separators)
                guard parts.count == 2, let item = parts[0].asText, let key = parts[1].asText
                else { throw TemplateError(.type, "separators must be two strings") }
                style.itemSeparator = item
                style.keySeparator = key
            }
            return try run.make(try run.json(value, style))
        },
    ]

    private static let fallback: Filter = { (run, value, arguments) throws(TemplateError) in
        let bound = try arguments.bound(to: ["default_value", "boolean"], of: "default")
        let isMissing = value.isUndefined || bound[1]?.isTrue == true && !value.isTrue
        return isMissing ? bound[0] ?? .text(MarkedText()) : value
    }
}

extension Interpreter {
    fileprivate func jsonIndent(_ value: Value) throws(TemplateError) -> MarkedText {
        if let text = value.asText { return text }
        let width = try integer(value, "indent", or: 0)
        try checkLength(width)
        return MarkedText(own: String(repeating: " ", count: max(width, 0)))
    }
}
