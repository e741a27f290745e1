extension Interpreter {
    /// Calls a macro or the body of a call block: what it renders is its value.
    func call(_ macro: Macro, _ arguments: Arguments) throws(TemplateError) -> Value {
        let definition = macro.definition
        let scope = Scope(in: macro.scope)
        var named = arguments.named
        func take(_ name: String) -> Value? {
            named.firstIndex { $0.name == name }.map { named.remove(at: $0).value }
        }
        for (index, parameter) in definition.parameters.enumerated() {
            let value: Value
            if index < arguments.positional.count {
                value = arguments.positional[index]
            } else if let given = take(parameter.name) {
                value = given
            } else if let expression = parameter.value {
                value = try evaluate(expression, in: scope)
            } else {
                value = .undefined(
                    Undefined(message: "parameter '\(parameter.name)' was not provided"))
            }
            scope.set(parameter.name, to: value)
        }
        if definition.reads.contains("caller") {
            let missing = Value.undefined(Undefined(message: "no caller defined"))
            scope.set("caller", to: take("caller") ?? missing)
        }
        let surplus = Array(arguments.positional.dropFirst(definition.parameters.count))
        try set(surplus: surplus, named, of: definition, in: scope)
        return .text(
            try captured { () throws(TemplateError) in
                try nested(at: definition.place) { () throws(TemplateError) in
                    _ = try execute(definition.body, in: scope)
                }
            })
    }

    private func set(
        surplus: [Value], _ named: [(name: String, value: Value)], of definition: MacroDefinition,
        in scope: Scope
    ) throws(TemplateError) {
        if definition.reads.contains("kwargs") {
            var members = OrderedValues()
            for (name, value) in named { members.set(MarkedText(own: name), to: value) }
            scope.set("kwargs", to: try make(dictionary: members))
        } else if let (name, _) = named.first {
            throw TemplateError(
                .type, "macro '\(definition.name)' takes no keyword argument '\(name)'")
        }
        if definition.reads.contains("varargs") {
            scope.set("varargs", to: try make(tuple: surplus))
        } else if !surplus.isEmpty {
            throw TemplateError(
                .type,
                "macro '\(definition.name)' takes not more than \(definition.parameters.count) "
                    + "argument(s)")
        }
    }
}
