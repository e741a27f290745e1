extension Value {
    /// What `if` makes of it.
    var isTrue: Bool {
        switch self {
        case .undefined, .none: false
        case .bool(let value): value
        case .integer(let value): value != 0
        case .float(let value): value != 0
        case .text(let text): !text.isEmpty
        case .list(let elements), .tuple(let elements): !elements.isEmpty
        case .dictionary(let members), .view(let members, _): !members.isEmpty
        case .range(let range): range.count > 0
        case .loop(let loop): !loop.items.isEmpty
        case .iterator, .namespace, .joiner, .cycler, .function: true
        }
    }

    var isUndefined: Bool { if case .undefined = self { true } else { false } }

    var isNone: Bool { if case .none = self { true } else { false } }

    var asText: MarkedText? { if case .text(let text) = self { text } else { nil } }

    /// An integer, or a truth value, which Python takes for one.
    var asInteger: Int? {
        switch self {
        case .integer(let value): value
        case .bool(let value): value ? 1 : 0
        default: nil
        }
    }

    /// Any number.
    var asDouble: Double? {
        if case .float(let value) = self { return value }
        return asInteger.map(Double.init)
    }

    /// The name that Python gives its type.
    var typeName: String {
        switch self {
        case .undefined: "Undefined"
        case .none: "NoneType"
        case .bool: "bool"
        case .integer: "int"
        case .float: "float"
        case .text(let text): text.isEscaped ? "Markup" : "str"
        case .list: "list"
        case .tuple: "tuple"
        case .dictionary: "dict"
        case .range: "range"
        case .view(_, let part): "dict_\(part.rawValue)"
        case .iterator: "generator"
        case .namespace: "Namespace"
        case .loop: "LoopContext"
        case .joiner: "Joiner"
        case .cycler: "Cycler"
        case .function(.macro): "Macro"
        case .function(.builtin): "function"
        case .function(.method): "builtin_function_or_method"
        }
    }

    /// How Jinja speaks of it in an error.
    var description: String { isNone ? "None" : "\(typeName) object" }

    /// The number of its elements, where Python's `len` has one.
    var length: Int? {
        switch self {
        case .undefined: 0
        case .text(let text): text.count
        case .list(let elements), .tuple(let elements): elements.count
        case .dictionary(let members), .view(let members, _): members.count
        case .range(let range): range.count
        case .loop(let loop): loop.items.count
        default: nil
        }
    }

    /// How many values are one inside the other. What namespaces and macros refer to does not
    /// count: the interpreter frees those one by one.
    var depth: Int {
        switch self {
        case .list(let elements), .tuple(let elements): elements.depth
        case .dictionary(let members): members.depth
        case .view(let members, _): members.depth + 1
        case .iterator(let iterator): iterator.depth
        case .loop(let loop): loop.items.depth
        case .joiner(let joiner): joiner.separator.depth + 1
        case .cycler(let cycler): cycler.items.depth
        case .function(.method(let receiver, _)): receiver.depth + 1
        default: 0
        }
    }

    static func depth(of items: [Value]) -> Int { items.lazy.map(\.depth).max() ?? 0 }
}
