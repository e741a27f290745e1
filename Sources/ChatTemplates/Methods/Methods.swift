/// The methods that Python's types have and a sandboxed template may call.
enum Methods {
    static func has(_ name: String, of value: Value) -> Bool {
        switch value {
        case .text: texts.contains(name)
        case .list, .tuple: ["index", "count"].contains(name) || name == "copy" && !isTuple(value)
        case .dictionary: dictionaries.contains(name)
        case .range: ["index", "count"].contains(name)
        case .cycler: ["next", "reset"].contains(name)
        case .float: name == "is_integer"
        default: false
        }
    }

    /// The methods that change a list or a dictionary, which Jinja's immutable sandbox hides.
    static func hidden(of value: Value) -> Set<String> {
        switch value {
        case .list:
            ["append", "clear", "pop", "reverse", "insert", "sort", "extend", "remove"]
        case .dictionary: ["clear", "pop", "popitem", "setdefault", "update"]
        default: []
        }
    }

    private static func isTuple(_ value: Value) -> Bool {
        if case .tuple = value { true } else { false }
    }

    private static let dictionaries: Set<String> = ["get", "keys", "values", "items", "copy"]

    private static let texts: Set<String> = [
        "capitalize", "casefold", "center", "count", "endswith", "expandtabs", "find", "format",
        "format_map", "index", "isalnum", "isalpha", "isascii", "isdecimal", "isdigit",
        "isidentifier", "islower", "isnumeric", "isprintable", "isspace", "istitle", "isupper",
        "join", "ljust", "lower", "lstrip", "partition", "removeprefix", "removesuffix", "replace",
        "rfind", "rindex", "rjust", "rpartition", "rsplit", "rstrip", "split", "splitlines",
        "startswith", "strip", "swapcase", "title", "upper", "zfill",
    ]
}

extension Interpreter {
    func callMethod(
        _ name: String, of receiver: Value, _ arguments: Arguments
    ) throws(TemplateError) -> Value {
        switch receiver {
        case .text(let text): return try callText(name, text, arguments)
        case .dictionary(let members): return try callDictionary(name, members, arguments)
        case .loop(let loop): return try callLoop(name, loop, arguments)
        case .cycler(let cycler):
            _ = try arguments.bound(to: [], of: name)
            if name == "reset" {
                cycler.index = 0
                return .none
            }
            defer { cycler.index = (cycler.index + 1) % cycler.items.count }
            return cycler.items.items[cycler.index]
        case .float(let number):
            _ = try arguments.bound(to: [], of: name)
            return .bool(number.rounded() == number)
        default: return try callSequence(name, receiver, arguments)
        }
    }

    private func callDictionary(
        _ name: String, _ members: OrderedValues, _ arguments: Arguments
    ) throws(TemplateError) -> Value {
        if name == "get" {
            guard arguments.named.isEmpty else {
                throw TemplateError(.type, "get() takes no keyword arguments")
            }
            let bound = try arguments.bound(to: ["key", "default"], of: name, required: 1)
            return members[try hashed(bound[0] ?? .none)] ?? bound[1] ?? .none
        }
        _ = try arguments.bound(to: [], of: name)
        if name == "copy" { return .dictionary(members) }
        return DictionaryPart(rawValue: name).map { .view(members, $0) } ?? .none
    }

    private func callLoop(
        _ name: String, _ loop: LoopState, _ arguments: Arguments
    ) throws(TemplateError) -> Value {
        let values = arguments.positional
        guard arguments.named.isEmpty else {
            throw TemplateError(.type, "loop.\(name) takes no keyword arguments")
        }
        if name == "cycle" {
            guard !values.isEmpty else {
                throw TemplateError(.type, "no items for cycling given")
            }
            return values[loop.index % values.count]
        }
        if let last = loop.lastChanged,
            try equal(.tuple(Elements(last)), .tuple(Elements(values)))
        {
            return .bool(false)
        }
        loop.lastChanged = values
        return .bool(true)
    }

    private func callSequence(
        _ name: String, _ receiver: Value, _ arguments: Arguments
    ) throws(TemplateError) -> Value {
        if name == "copy" { return receiver }
        let bound = try arguments.bound(to: ["value"], of: name, required: 1)
        let wanted = bound[0] ?? .none
        var found = 0
        for (index, item) in try elements(of: receiver).enumerated()
        where try equal(item, wanted) {
            if name == "index" { return .integer(index) }
            found += 1
        }
        if name == "count" { return .integer(found) }
        throw TemplateError(.value, "the value is not in the \(receiver.typeName)")
    }
}
