extension Filters {
    static let selections: [String: Filter] = [
        "map": { (run, value, arguments) throws(TemplateError) in
            try run.make(iterator: try run.map(value, arguments))
        },
        "select": { (run, value, arguments) throws(TemplateError) in
            try run.make(iterator: try run.select(value, arguments, keeps: true))
        },
        "reject": { (run, value, arguments) throws(TemplateError) in
            try run.make(iterator: try run.select(value, arguments, keeps: false))
        },
        "selectattr": { (run, value, arguments) throws(TemplateError) in
            try run.make(iterator: try run.select(value, arguments, keeps: true, byPart: true))
        },
        "rejectattr": { (run, value, arguments) throws(TemplateError) in
            try run.make(iterator: try run.select(value, arguments, keeps: false, byPart: true))
        },
        "unique": { (run, value, arguments) throws(TemplateError) in
            let bound = try arguments.bound(to: ["case_sensitive", "attribute"], of: "unique")
            var seen: Set<HashedValue> = []
            var kept: [Value] = []
            for item in try run.elements(of: value) {
                let key = try run.key(
                    try run.part(bound[1], of: item), bound[0]?.isTrue ?? false)
                if seen.insert(try run.hashed(key)).inserted { kept.append(item) }
            }
            return try run.make(iterator: kept)
        },
    ]
}

extension Interpreter {
    fileprivate func map(_ value: Value, _ arguments: Arguments) throws(TemplateError) -> [Value] {
        guard value.isTrue else { return [] }
        var results: [Value] = []
        if arguments.positional.isEmpty, arguments.named.contains(where: { $0.name == "attribute" })
        {
            let bound = try arguments.bound(to: ["attribute", "default"], of: "map")
            for item in try elements(of: value) {
                results.append(try part(bound[0], of: item, or: bound[1]))
            }
            return results
        }
        guard case .text(let name)? = arguments.positional.first else {
            throw TemplateError(.type, "map needs the name of a filter or an attribute")
        }
        var rest = arguments
        rest.positional.removeFirst()
        for item in try elements(of: value) {
            results.append(try apply(filter: name.string, to: item, rest))
        }
        return results
    }

    fileprivate func select(
        _ value: Value, _ arguments: Arguments, keeps: Bool, byPart: Bool = false
    ) throws(TemplateError) -> [Value] {
        guard value.isTrue else { return [] }
        var rest = arguments
        var path: Value?
        if byPart {
            guard let first = rest.positional.first else {
                throw TemplateError(.type, "the name of an attribute is missing")
            }
            path = first
            rest.positional.removeFirst()
        }
        var test: String?
        if let first = rest.positional.first {
            test = try text(of: first).string
            rest.positional.removeFirst()
        }
        var kept: [Value] = []
        for item in try elements(of: value) {
            let tested = try part(path, of: item)
            let holds = try test.map { name throws(TemplateError) in
                try self.test(tested, name, rest)
            }
            if (holds ?? tested.isTrue) == keeps { kept.append(item) }
        }
        return kept
    }
}
