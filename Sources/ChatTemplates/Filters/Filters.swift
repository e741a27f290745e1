/// Jinja's filters by name. Those that are left out are random, make HTML, or wrap lines.
enum Filters {
    typealias Filter =
        @Sendable (Interpreter, Value, Arguments) throws(TemplateError) -> Value

    static let table: [String: Filter] = [
        texts, moreTexts, numbers, lists, selections, groups, structures,
    ].reduce(into: [:]) { table, part in table.merge(part) { first, _ in first } }

    static func unknown(_ name: String) -> TemplateError {
        TemplateError(.unknown, "unknown filter '\(name)'")
    }
}

extension Interpreter {
    func apply(
        _ use: FilterUse, to value: Value, in scope: Scope
    ) throws(TemplateError) -> Value {
        let arguments = try evaluate(use.arguments, in: scope)
        do {
            return try apply(filter: use.name, to: value, arguments)
        } catch { throw error.placed(at: use.place) }
    }

    func apply(
        filter name: String, to value: Value, _ arguments: Arguments
    ) throws(TemplateError) -> Value {
        guard let filter = Filters.table[name] else { throw Filters.unknown(name) }
        return try filter(self, value, arguments)
    }

    /// An argument that must be an integer.
    func integer(_ value: Value?, _ name: String, or fallback: Int) throws(TemplateError) -> Int {
        guard let value else { return fallback }
        if let integer = value.asInteger { return integer }
        throw TemplateError(.type, "'\(name)' must be an integer, not \(value.typeName)")
    }

    /// An argument that must be a text.
    func text(_ value: Value?, _ name: String) throws(TemplateError) -> MarkedText? {
        guard let value, !value.isNone else { return nil }
        if let text = value.asText { return text }
        throw TemplateError(.type, "'\(name)' must be a string, not \(value.typeName)")
    }
}
