extension Parser {
    mutating func macro(_ place: Place) throws(TemplateError) -> MacroDefinition {
        let name = try assignable(at: current.place)
        let parameters = try parameters()
        return try definition(name, parameters, until: "endmacro", place)
    }

    mutating func callBlock(_ place: Place) throws(TemplateError) -> Statement {
        let parameters = isSign("(") ? try parameters() : []
        let call = try expression()
        guard call.isCall else { throw error("expected a call", at: place) }
        return .callBlock(try definition("caller", parameters, until: "endcall", place), call)
    }

    private mutating func definition(
        _ name: String, _ parameters: [MacroDefinition.Parameter], until end: String,
        _ place: Place
    ) throws(TemplateError) -> MacroDefinition {
        let outerNames = namesRead
        let outerLoops = loops
        namesRead = []
        loops = 0
        let body = try body(until: [end])
        let reads = namesRead.intersection(["varargs", "kwargs", "caller"])
            .subtracting(parameters.map(\.name))
        namesRead.formUnion(outerNames)
        loops = outerLoops
        return MacroDefinition(
            name: name, parameters: parameters, body: body, place: place, reads: reads)
    }

    private mutating func parameters() throws(TemplateError) -> [MacroDefinition.Parameter] {
        var result: [MacroDefinition.Parameter] = []
        try expect(sign: "(")
        while !isSign(")") {
            if !result.isEmpty { try expect(sign: ",") }
            let place = current.place
            let name = try assignable(at: place)
            if result.contains(where: { $0.name == name }) {
                throw error("two parameters named '\(name)'", at: place)
            }
            let value = skip(sign: "=") ? try expression() : nil
            if value == nil, result.last?.value != nil {
                throw error("a parameter without a default after one with", at: place)
            }
            result.append(MacroDefinition.Parameter(name: name, value: value))
        }
        try expect(sign: ")")
        return result
    }

    /// A name that may be given a value.
    private mutating func assignable(at place: Place) throws(TemplateError) -> String {
        let name = try expectName()
        if ["true", "false", "none", "True", "False", "None"].contains(name) {
            throw error("cannot assign to '\(name)'", at: place)
        }
        return name
    }

    /// What stands before an `=` or an `in`.
    mutating func target(
        allowsAttribute: Bool, allowsTuple: Bool = true, until ends: [String] = []
    ) throws(TemplateError) -> Statement.Target {
        let place = current.place
        var parts: [Statement.Target] = []
        var isTuple = false
        while true {
            if !parts.isEmpty { try expect(sign: ",") }
            if endsTuple(ends) || !parts.isEmpty && isSign("=") { break }
            parts.append(try singleTarget(allowsAttribute))
            if !allowsTuple || !isSign(",") { break }
            isTuple = true
        }
        if !isTuple, let only = parts.first { return only }
        if parts.isEmpty { throw unexpected("a name") }
        return .tuple(parts, place)
    }

    private mutating func singleTarget(
        _ allowsAttribute: Bool
    ) throws(TemplateError) -> Statement.Target {
        let place = current.place
        if skip(sign: "(") {
            let inner = try nested { parser throws(TemplateError) in
                try parser.target(allowsAttribute: allowsAttribute)
            }
            try expect(sign: ")")
            return inner
        }
        let name = try assignable(at: place)
        if allowsAttribute, skip(sign: ".") {
            namesRead.insert(name)
            return .attribute(of: name, try expectName(), place)
        }
        if loops > 0, name == "loop" { throw error("cannot assign to 'loop' in a loop", at: place) }
        return .name(name, place)
    }
}
