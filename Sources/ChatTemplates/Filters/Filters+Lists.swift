extension Filters {
    static let lists: [String: Filter] = [
        "length": length, "count": length,
        "list": { (run, value, arguments) throws(TemplateError) in
            _ = try arguments.bound(to: [], of: "list")
            return try run.make(list: try run.elements(of: value))
        },
        "first": { (run, value, arguments) throws(TemplateError) in
            _ = try arguments.bound(to: [], of: "first")
            if case .text(let text) = value, !text.isEmpty { return .text(text[0..<1]) }
            if case .iterator(let iterator) = value, let next = iterator.next() { return next }
            return try run.elements(of: value).first
                ?? .undefined(Undefined(message: "no first item, the sequence was empty"))
        },
        "last": { (run, value, arguments) throws(TemplateError) in
            _ = try arguments.bound(to: [], of: "last")
            if case .text(let text) = value, !text.isEmpty {
                return .text(text[text.count - 1..<text.count])
            }
            try run.checkReversible(value)
            return try run.elements(of: value).last
                ?? .undefined(Undefined(message: "no last item, the sequence was empty"))
        },
        "reverse": { (run, value, arguments) throws(TemplateError) in
            _ = try arguments.bound(to: [], of: "reverse")
            if case .text(let text) = value {
                return try run.make(MarkedText(Array(text.characters.reversed())[...], like: text))
            }
            return try run.make(iterator: try run.elements(of: value).reversed())
        },
        "join": { (run, value, arguments) throws(TemplateError) in
            let bound = try arguments.bound(to: ["d", "attribute"], of: "join")
            let separator = try run.text(of: bound[0] ?? .text(MarkedText()))
            return .text(
                try run.joined(try run.elements(of: value), separator) {
                    item throws(TemplateError) in
                    try run.text(of: try run.part(bound[1], of: item))
                })
        },
        "sort": { (run, value, arguments) throws(TemplateError) in
            let bound = try arguments.bound(
                to: ["reverse", "case_sensitive", "attribute"], of: "sort")
            let isExact = bound[1]?.isTrue ?? false
            let paths = try run.paths(bound[2])
            let items = try run.elements(of: value)
            return try run.make(
                list: try run.sort(items, reversed: bound[0]?.isTrue ?? false) {
                    item throws(TemplateError) in
                    var keys: [Value] = []
                    for path in paths {
                        keys.append(try run.key(try run.part(path, of: item), isExact))
                    }
                    return .list(Elements(keys))
                })
        },
        "min": extreme("min", wants: .less),
        "max": extreme("max", wants: .greater),
    ]

    private static let length: Filter = { (run, value, arguments) throws(TemplateError) in
        _ = try arguments.bound(to: [], of: "length")
        if let length = value.length { return .integer(length) }
        throw TemplateError(.type, "object of type '\(value.typeName)' has no len()")
    }

    private static func extreme(_ name: String, wants: Interpreter.Order) -> Filter {
        { (run, value, arguments) throws(TemplateError) in
            let bound = try arguments.bound(to: ["case_sensitive", "attribute"], of: name)
            let isExact = bound[0]?.isTrue ?? false
            var best: (item: Value, key: Value)?
            for item in try run.elements(of: value) {
                let key = try run.key(try run.part(bound[1], of: item), isExact)
                if let found = best, try run.compare(key, found.key) != wants { continue }
                best = (item, key)
            }
            return best?.item
                ?? .undefined(Undefined(message: "no aggregated item, the sequence was empty"))
        }
    }
}

extension Interpreter {
    func checkReversible(_ value: Value) throws(TemplateError) {
        if case .iterator = value {
            throw TemplateError(.type, "'generator' object is not reversible")
        }
    }

    func joined(
        _ items: [Value], _ separator: MarkedText,
        _ text: (Value) throws(TemplateError) -> MarkedText
    ) throws(TemplateError) -> MarkedText {
        var result = MarkedText()
        for (index, item) in items.enumerated() {
            let part = try text(item)
            try charge(work: part.count + separator.count)
            try checkLength(result.count + part.count + separator.count)
            if index > 0 { result.append(separator) }
            result.append(part)
        }
        return result
    }
}
