/// The arguments of a call.
struct Arguments {
    var positional: [Value] = []
    var named: [(name: String, value: Value)] = []

    /// The values of the given parameters, nil for those that were left out.
    func bound(
        to names: [String], of callee: String, required: Int = 0
    ) throws(TemplateError) -> [Value?] {
        guard positional.count <= names.count else {
            throw TemplateError(
                .type, "\(callee) takes at most \(names.count) arguments, \(positional.count) given"
            )
        }
        var values: [Value?] = Array(repeating: nil, count: names.count)
        for (index, value) in positional.enumerated() { values[index] = value }
        for (name, value) in named {
            guard let index = names.firstIndex(of: name) else {
                throw TemplateError(.type, "\(callee) has no argument '\(name)'")
            }
            guard values[index] == nil else {
                throw TemplateError(.type, "\(callee) got two values for its argument '\(name)'")
            }
            values[index] = value
        }
        for index in 0..<required where values[index] == nil {
            throw TemplateError(.type, "\(callee) needs its argument '\(names[index])'")
        }
        return values
    }
}

extension Interpreter {
    /// The arguments of a call as written.
    func evaluate(
        _ list: ArgumentList, in scope: Scope
    ) throws(TemplateError) -> Arguments {
        var arguments = Arguments()
        for expression in list.positional {
            arguments.positional.append(try evaluate(expression, in: scope))
        }
        if let star = list.star {
            arguments.positional += try elements(of: try evaluate(star, in: scope))
        }
        for (name, expression) in list.named {
            arguments.named.append((name, try evaluate(expression, in: scope)))
        }
        if let star = list.doubleStar {
            guard case .dictionary(let members) = try evaluate(star, in: scope) else {
                throw TemplateError(.type, "the argument after ** must be a mapping")
            }
            try charge(steps: members.count)
            for (key, value) in members.entries {
                guard let name = key.asText else {
                    throw TemplateError(.type, "keywords must be strings")
                }
                arguments.named.append((name.string, value))
            }
        }
        return arguments
    }
}
