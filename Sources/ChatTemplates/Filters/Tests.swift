/// Jinja's tests by name: what stands after `is`.
enum Tests {
    typealias Test = @Sendable (Interpreter, Value, Value) throws(TemplateError) -> Bool

    /// A test and how many arguments it takes.
    static let table: [String: (arguments: Int, test: Test)] = {
        var table: [String: (arguments: Int, test: Test)] = [:]
        for (name, test) in types { table[name] = (0, test) }
        for (name, test) in facts { table[name] = (0, test) }
        for (name, sign) in comparisons {
            table[name] = (
                1,
                { (run, value, other) throws(TemplateError) in try run.holds(value, sign, other) }
            )
        }
        table["divisibleby"] = (
            1,
            { (run, value, other) throws(TemplateError) in
                try run.equal(try run.apply(.remainder, value, other), .integer(0))
            }
        )
        table["sameas"] = (
            1, { (run, value, other) throws(TemplateError) in try run.isSame(value, other) }
        )
        return table
    }()

    static func unknown(_ name: String) -> TemplateError {
        TemplateError(.unknown, "unknown test '\(name)'")
    }

    private static let comparisons: [(String, ComparisonSign)] = [
        ("==", .equal), ("eq", .equal), ("equalto", .equal), ("!=", .unequal), ("ne", .unequal),
        (">", .greater), ("gt", .greater), ("greaterthan", .greater), (">=", .greaterOrEqual),
        ("ge", .greaterOrEqual), ("<", .less), ("lt", .less), ("lessthan", .less),
        ("<=", .lessOrEqual), ("le", .lessOrEqual), ("in", .contained),
    ]

    private static let types: [(String, Test)] = [
        ("defined", { _, value, _ in !value.isUndefined }),
        ("undefined", { _, value, _ in value.isUndefined }),
        ("none", { _, value, _ in value.isNone }),
        ("boolean", { _, value, _ in if case .bool = value { true } else { false } }),
        ("true", { _, value, _ in if case .bool(true) = value { true } else { false } }),
        ("false", { _, value, _ in if case .bool(false) = value { true } else { false } }),
        ("integer", { _, value, _ in if case .integer = value { true } else { false } }),
        ("float", { _, value, _ in if case .float = value { true } else { false } }),
        ("number", { _, value, _ in value.asDouble != nil }),
        ("string", { _, value, _ in value.asText != nil }),
        ("mapping", { _, value, _ in if case .dictionary = value { true } else { false } }),
        ("escaped", { _, value, _ in value.asText?.isEscaped ?? false }),
        (
            "sequence",
            { _, value, _ in
                switch value {
                case .undefined, .text, .list, .tuple, .dictionary, .range: true
                default: false
                }
            }
        ),
        (
            "iterable",
            { _, value, _ in
                switch value {
                case .none, .bool, .integer, .float, .namespace, .joiner, .cycler, .function: false
                default: true
                }
            }
        ),
        (
            "callable",
            { _, value, _ in
                switch value {
                case .function, .joiner, .loop, .undefined: true
                default: false
                }
            }
        ),
    ]

    private static let facts: [(String, Test)] = [
        (
            "odd",
            { (run, value, _) throws(TemplateError) in
                try run.equal(try run.apply(.remainder, value, .integer(2)), .integer(1))
            }
        ),
        (
            "even",
            { (run, value, _) throws(TemplateError) in
                try run.equal(try run.apply(.remainder, value, .integer(2)), .integer(0))
            }
        ),
        (
            "lower",
            { (run, value, _) throws(TemplateError) in
                try run.text(of: value).isAll { $0.isLowercase }
            }
        ),
        (
            "upper",
            { (run, value, _) throws(TemplateError) in
                try run.text(of: value).isAll { $0.isUppercase }
            }
        ),
        (
            "filter",
            { _, value, _ in value.asText.map { Filters.table[$0.string] != nil } ?? false }
        ),
        ("test", { _, value, _ in value.asText.map { Tests.table[$0.string] != nil } ?? false }),
    ]
}

extension Interpreter {
    func test(
        _ value: Value, _ name: String, _ arguments: Arguments
    ) throws(TemplateError) -> Bool {
        guard let (count, test) = Tests.table[name] else { throw Tests.unknown(name) }
        guard arguments.positional.count + arguments.named.count == count else {
            throw TemplateError(.type, "the test '\(name)' takes \(count) argument(s)")
        }
        try charge(work: value.asText?.count ?? 0)
        return try test(
            self, value, arguments.positional.first ?? arguments.named.first?.value ?? .none)
    }

    /// Python's `is`, as far as it is defined.
    func isSame(_ value: Value, _ other: Value) throws(TemplateError) -> Bool {
        guard value.typeName == other.typeName else { return false }
        return try equal(value, other)
    }
}
