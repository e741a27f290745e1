extension Interpreter {
    /// How a block was left.
    enum Flow { case normal, breakLoop, continueLoop }

    func execute(_ statements: [Statement], in scope: Scope) throws(TemplateError) -> Flow {
        for statement in statements {
            let flow = try execute(statement, in: scope)
            if flow != .normal { return flow }
        }
        return .normal
    }

    private func execute(
        _ statement: Statement, in scope: Scope
    ) throws(TemplateError) -> Flow {
        try charge(steps: 1)
        switch statement {
        case .text(let text): try emit(text)
        case .output(let expression):
            let value = try evaluate(expression, in: scope)
            do { try emit(try text(of: value)) } catch { throw error.placed(at: expression.place) }
        case .condition(let branches, let otherwise):
            for (test, body) in branches where try evaluate(test, in: scope).isTrue {
                return try execute(body, in: scope)
            }
            return try execute(otherwise, in: scope)
        case .loop(let loop): try execute(loop, in: scope)
        case .assignment(let target, let expression):
            try assign(try evaluate(expression, in: scope), to: target, in: scope)
        case .capture(let target, let uses, let body):
            let (flow, value) = try capture(body, uses, in: scope)
            try assign(value, to: target, in: scope)
            return flow
        case .macro(let definition):
            remember(scope)
            scope.set(definition.name, to: .function(.macro(Macro(definition, scope))))
        case .callBlock(let definition, let call): try execute(definition, call, in: scope)
        case .filterBlock(let uses, let body):
            let (flow, value) = try capture(body, uses, in: scope)
            try emit(try text(of: value))
            return flow
        case .with(let bindings, let body):
            let inner = Scope(in: scope)
            for (target, expression) in bindings {
                try assign(try evaluate(expression, in: scope), to: target, in: inner)
            }
            return try execute(body, in: inner)
        case .scope(let body): return try execute(body, in: Scope(in: scope))
        case .breakLoop: return .breakLoop
        case .continueLoop: return .continueLoop
        }
        return .normal
    }

    private func capture(
        _ body: [Statement], _ uses: [FilterUse], in scope: Scope
    ) throws(TemplateError) -> (Flow, Value) {
        let inner = Scope(in: scope)
        var flow = Flow.normal
        let text = try captured { () throws(TemplateError) in
            flow = try execute(body, in: inner)
        }
        var value = Value.text(text)
        for use in uses { value = try apply(use, to: value, in: inner) }
        return (flow, value)
    }

    private func execute(
        _ definition: MacroDefinition, _ call: Expression, in scope: Scope
    ) throws(TemplateError) {
        guard case .call(let callee, let list) = call.kind else { return }
        remember(scope)
        let caller = Value.function(.macro(Macro(definition, scope)))
        let result = try nested(at: call.place) { () throws(TemplateError) in
            let function = try evaluate(callee, in: scope)
            var arguments = try evaluate(list, in: scope)
            arguments.named.append(("caller", caller))
            return try text(of: try self.call(function, arguments))
        }
        try emit(result)
    }

    func assign(
        _ value: Value, to target: Statement.Target, in scope: Scope
    ) throws(TemplateError) {
        switch target {
        case .name(let name, _): scope.set(name, to: value)
        case .attribute(let name, let attribute, let place):
            guard case .namespace(let namespace)? = scope.find(name) else {
                throw TemplateError(
                    .type, "cannot assign attribute '\(attribute)': '\(name)' is no namespace"
                ).placed(at: place)
            }
            try charge(steps: 1)
            try checkCount(namespace.values.count + 1)
            namespace.values.set(MarkedText(own: attribute), to: value)
        case .tuple(let targets, let place):
            let items: [Value]
            do { items = try elements(of: value) } catch { throw error.placed(at: place) }
            guard items.count == targets.count else {
                throw TemplateError(
                    .value, "\(items.count) values to unpack, expected \(targets.count)"
                ).placed(at: place)
            }
            for (target, item) in zip(targets, items) { try assign(item, to: target, in: scope) }
        }
    }
}
