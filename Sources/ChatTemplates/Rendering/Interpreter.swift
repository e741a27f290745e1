/// Runs a template's statements over one context; used once.
final class Interpreter {
    let now: TemplateDate
    var output = MarkedText()

    /// Evaluations that are open.
    private var depth = 0
    private var steps = TemplateLimits.steps
    private var work = TemplateLimits.work

    // What may refer to itself, directly or not, is emptied at the end: nothing else frees it.
    private var namespaces: [Namespace] = []
    private var captured: [Scope] = []

    init(now: TemplateDate) { self.now = now }

    func render(
        _ statements: [Statement], _ context: TemplateContext
    ) throws(TemplateError) -> MarkedText {
        let root = Scope(in: nil)
        defer {
            root.clear()
            for scope in captured { scope.clear() }
            for namespace in namespaces { namespace.values = OrderedValues() }
        }
        for (name, value) in context.values { root.set(name, to: try self.value(value)) }
        _ = try execute(statements, in: Scope(in: root))
        return output
    }

    /// Pays for evaluations and for elements that are passed over.
    func charge(steps count: Int) throws(TemplateError) {
        steps -= count
        if steps < 0 {
            throw TemplateError(
                .limit, "the template does more than \(TemplateLimits.steps) steps")
        }
    }

    /// Pays for characters that are made or passed over.
    func charge(work count: Int) throws(TemplateError) {
        work -= count
        if work < 0 {
            throw TemplateError(
                .limit, "the template handles more than \(TemplateLimits.work) characters")
        }
    }

    /// Pays for a search, which at worst compares all of a text with all of another at each place.
    func charge(searching text: MarkedText, for part: MarkedText) throws(TemplateError) {
        try charge(work: text.count * (1 + part.count / 8))
    }

    var tooDeep: TemplateError {
        TemplateError(.limit, "values nested more than \(TemplateLimits.valueDepth) deep")
    }

    /// Goes one evaluation deeper, and gives errors their place.
    func nested<Result>(
        at place: Place, _ body: () throws(TemplateError) -> Result
    ) throws(TemplateError) -> Result {
        guard depth < TemplateLimits.callDepth else {
            throw TemplateError(
                .limit, "calls nested more than \(TemplateLimits.callDepth) deep"
            ).placed(at: place)
        }
        depth += 1
        defer { depth -= 1 }
        do {
            try charge(steps: 1)
            return try body()
        } catch { throw error.placed(at: place) }
    }

    /// Renders into a text of its own.
    func captured(_ body: () throws(TemplateError) -> Void) throws(TemplateError) -> MarkedText {
        var outer = MarkedText()
        swap(&outer, &output)
        defer { output = outer }
        try body()
        return output
    }

    /// Appends to the output.
    func emit(_ text: MarkedText) throws(TemplateError) {
        try charge(work: text.count)
        try checkLength(output.count + text.count)
        output.append(text)
    }

    func checkLength(_ count: Int) throws(TemplateError) {
        guard count <= TemplateLimits.textCharacters else {
            throw TemplateError(
                .limit, "a text of more than \(TemplateLimits.textCharacters) characters")
        }
    }

    func remember(_ namespace: Namespace) { namespaces.append(namespace) }

    func remember(_ scope: Scope) { captured.append(scope) }
}
