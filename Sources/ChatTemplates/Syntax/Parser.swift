/// Makes statements of tokens, by recursive descent along Jinja's own grammar.
struct Parser {
    let tokens: [Token]
    var position = 0
    var depth = 0

    /// Whether an unknown filter or test is an error only where it is applied: inside of an `if`
    /// Jinja lets templates ask for what an older one lacks.
    var isSoft = false

    /// The unknown filters and tests that are an error, should no `if` be found behind them.
    var unknowns: [TemplateError] = []

    /// The names that were read, for the definition of a macro to look at.
    var namesRead: Set<String> = []

    /// How many loops of the same macro are open.
    var loops = 0

    init(_ tokens: [Token]) { self.tokens = tokens }

    /// The statements of a source.
    static func statements(of source: String) throws(TemplateError) -> [Statement] {
        var parser = Parser(try Lexer.tokens(of: source))
        let statements = try parser.statements(until: [])
        if let unknown = parser.unknowns.first { throw unknown }
        return statements
    }

    var current: Token { tokens[position] }

    /// The token after the current one.
    var following: Token { tokens[min(position + 1, tokens.count - 1)] }

    mutating func advance() { if position + 1 < tokens.count { position += 1 } }

    func error(_ message: String) -> TemplateError { error(message, at: current.place) }

    func error(_ message: String, at place: Place) -> TemplateError {
        TemplateError(.syntax, message).placed(at: place)
    }

    func isSign(_ sign: String) -> Bool { current.kind == .sign(sign) }

    func isName(_ name: String) -> Bool { current.kind == .name(name) }

    func isName(in names: [String]) -> Bool {
        if case .name(let name) = current.kind { names.contains(name) } else { false }
    }

    /// Reads a sign if it is next.
    mutating func skip(sign: String) -> Bool {
        guard isSign(sign) else { return false }
        advance()
        return true
    }

    /// Reads a word if it is next.
    mutating func skip(name: String) -> Bool {
        guard isName(name) else { return false }
        advance()
        return true
    }

    mutating func expect(sign: String) throws(TemplateError) {
        if !skip(sign: sign) { throw unexpected("'\(sign)'") }
    }

    mutating func expect(name: String) throws(TemplateError) {
        if !skip(name: name) { throw unexpected("'\(name)'") }
    }

    mutating func expectName() throws(TemplateError) -> String {
        guard case .name(let name) = current.kind else { throw unexpected("a name") }
        advance()
        return name
    }

    mutating func expect(_ kind: Token.Kind, _ description: String) throws(TemplateError) {
        guard current.kind == kind else { throw unexpected(description) }
        advance()
    }

    func unexpected(_ expected: String) -> TemplateError {
        error("expected \(expected), found \(current.description)")
    }

    /// Goes one level deeper, bounded.
    mutating func nested<Result>(
        _ body: (inout Parser) throws(TemplateError) -> Result
    ) throws(TemplateError) -> Result {
        guard depth < TemplateLimits.syntaxDepth else { throw tooDeep }
        depth += 1
        let result = try body(&self)
        depth -= 1
        return result
    }

    private var tooDeep: TemplateError {
        TemplateError(.limit, "nested more than \(TemplateLimits.syntaxDepth) deep")
            .placed(at: current.place)
    }

    /// Makes an expression; its depth is bounded because it is walked, and freed, recursively.
    func make(
        _ kind: Expression.Kind, at place: Place, over parts: [Expression]
    ) throws(TemplateError) -> Expression {
        let depth = 1 + (parts.lazy.map(\.depth).max() ?? 0)
        if depth > TemplateLimits.syntaxDepth { throw tooDeep }
        return Expression(kind: kind, place: place, depth: depth)
    }
}
