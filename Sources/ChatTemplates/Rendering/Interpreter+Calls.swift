extension Interpreter {
    private static let globals: Set<String> = [
        "range", "dict", "namespace", "joiner", "cycler", "raise_exception", "strftime_now",
    ]

    /// A name that no scope has.
    func global(_ name: String) -> Value {
        Self.globals.contains(name) ? .function(.builtin(name)) : Undefined.name(name)
    }

    func call(_ function: Value, _ arguments: Arguments) throws(TemplateError) -> Value {
        switch function {
        case .undefined(let undefined): throw undefined.error
        case .function(.macro(let macro)): return try call(macro, arguments)
        case .function(.builtin(let name)): return try callGlobal(name, arguments)
        case .function(.method(let receiver, let name)):
            return try callMethod(name, of: receiver, arguments)
        case .loop(let state):
            let items = try arguments.bound(to: ["iterable"], of: "loop", required: 1)
            return try recurse(state, over: items[0] ?? .none)
        case .joiner(let joiner):
            defer { joiner.wasCalled = true }
            return joiner.wasCalled ? joiner.separator : .text(MarkedText())
        default: throw TemplateError(.type, "'\(function.typeName)' object is not callable")
        }
    }

    private func callGlobal(_ name: String, _ arguments: Arguments) throws(TemplateError) -> Value {
        switch name {
        case "range": return try range(arguments)
        case "dict": return try make(dictionary: try members(arguments))
        case "namespace":
            let namespace = Namespace(try members(arguments))
            guard namespace.values.depth <= TemplateLimits.valueDepth else { throw tooDeep }
            remember(namespace)
            return .namespace(namespace)
        case "joiner":
            let values = try arguments.bound(to: ["sep"], of: name)
            return .joiner(Joiner(values[0] ?? .text(own: ", ")))
        case "cycler":
            if arguments.positional.isEmpty {
                throw TemplateError(.type, "at least one item has to be provided")
            }
            return .cycler(Cycler(try elements(from: arguments.positional)))
        case "raise_exception":
            let values = try arguments.bound(to: ["message"], of: name, required: 1)
            throw TemplateError(.raised, try text(of: values[0] ?? .none).string)
        default:
            let values = try arguments.bound(to: ["format"], of: name, required: 1)
            guard let format = values[0]?.asText else {
                throw TemplateError(.type, "strftime_now needs a format, a string")
            }
            try charge(work: format.count)
            return try make(now.formatted(format))
        }
    }

    private func range(_ arguments: Arguments) throws(TemplateError) -> Value {
        var bounds: [Int] = []
        for value in arguments.positional {
            guard let bound = value.asInteger else {
                throw TemplateError(
                    .type, "'\(value.typeName)' object cannot be interpreted as an integer")
            }
            bounds.append(bound)
        }
        guard 1...3 ~= bounds.count, arguments.named.isEmpty else {
            throw TemplateError(.type, "range takes 1 to 3 arguments")
        }
        let (start, stop) = bounds.count == 1 ? (0, bounds[0]) : (bounds[0], bounds[1])
        guard
            let range = RangeValue(
                start: start, stop: stop, step: bounds.count == 3 ? bounds[2] : 1)
        else { throw TemplateError(.value, "range's step cannot be 0") }
        guard range.count <= TemplateLimits.range else {
            throw TemplateError(
                .limit, "a range of more than \(TemplateLimits.range) elements")
        }
        return .range(range)
    }

    /// The members of `dict(...)`: of a dictionary or of pairs, then by keyword.
    private func members(_ arguments: Arguments) throws(TemplateError) -> OrderedValues {
        var members = OrderedValues()
        if arguments.positional.count > 1 {
            throw TemplateError(.type, "dict expected at most 1 argument")
        }
        if let first = arguments.positional.first {
            if case .undefined(let undefined) = first { throw undefined.error }
            if case .dictionary(let given) = first {
                members = given
            } else {
                for pair in try elements(of: first) {
                    let parts = try elements(of: pair)
                    guard parts.count == 2 else {
                        throw TemplateError(.value, "a dictionary is made of pairs")
                    }
                    members.set(parts[0], hashed: try hashed(parts[0]), to: parts[1])
                }
            }
        }
        for (name, value) in arguments.named { members.set(MarkedText(own: name), to: value) }
        try checkCount(members.count)
        return members
    }
}
