extension Interpreter {
    func execute(_ loop: Statement.Loop, in scope: Scope) throws(TemplateError) {
        let items = try evaluate(loop.items, in: scope)
        try nested(at: loop.items.place) { () throws(TemplateError) in
            try run(loop, over: items, depth: 0, in: scope)
        }
    }

    /// Renders a recursive loop anew.
    func recurse(_ state: LoopState, over items: Value) throws(TemplateError) -> Value {
        guard let (loop, scope) = state.recursion else {
            throw TemplateError(
                .type, "the loop must have the 'recursive' marker to be called")
        }
        return .text(
            try captured { () throws(TemplateError) in
                try nested(at: loop.place) { () throws(TemplateError) in
                    try run(loop, over: items, depth: state.depth + 1, in: scope)
                }
            })
    }

    private func run(
        _ loop: Statement.Loop, over value: Value, depth: Int, in scope: Scope
    ) throws(TemplateError) {
        var items = try elements(of: value)
        if let filter = loop.filter {
            var kept: [Value] = []
            for item in items {
                let inner = Scope(in: scope)
                try assign(item, to: loop.target, in: inner)
                if try evaluate(filter, in: inner).isTrue { kept.append(item) }
            }
            items = kept
        }
        let state = LoopState(
            Elements(items), depth: depth, recursion: loop.isRecursive ? (loop, scope) : nil)
        if state.items.depth > TemplateLimits.valueDepth { throw tooDeep }
        // As in Jinja2, `else` is for a loop of which no round came to its end.
        var isDone = false
        for (index, item) in items.enumerated() {
            state.index = index
            let inner = Scope(in: scope)
            inner.set("loop", to: .loop(state))
            try assign(item, to: loop.target, in: inner)
            try charge(steps: 1)
            let flow = try execute(loop.body, in: inner)
            if flow == .normal { isDone = true }
            if flow == .breakLoop { break }
        }
        if !isDone { _ = try execute(loop.otherwise, in: Scope(in: scope)) }
    }
}
