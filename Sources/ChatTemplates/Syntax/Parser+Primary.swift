extension Parser {
    /// A name, a literal or something in brackets.
    mutating func primary() throws(TemplateError) -> Expression {
        let place = current.place
        func leaf(_ kind: Expression.Kind) -> Expression {
            Expression(kind: kind, place: place, depth: 1)
        }
        switch current.kind {
        case .name(let name):
            advance()
            switch name {
            case "true", "True": return leaf(.bool(true))
            case "false", "False": return leaf(.bool(false))
            case "none", "None": return leaf(.none)
            default:
                namesRead.insert(name)
                return leaf(.name(name))
            }
        case .string(var text):
            advance()
            while case .string(let more) = current.kind {
                text.append(more)
                advance()
            }
            return leaf(.text(text))
        case .integer(let value):
            advance()
            return leaf(.integer(value))
        case .float(let value):
            advance()
            return leaf(.float(value))
        case .sign("("):
            advance()
            let inner = try tuple(isInParentheses: true)
            try expect(sign: ")")
            return inner
        case .sign("["): return try list()
        case .sign("{"): return try dictionary()
        default: throw unexpected("an expression")
        }
    }

    /// One expression, or several with commas, which are a tuple.
    mutating func tuple(
        allowsCondition: Bool = true, isInParentheses: Bool = false, until ends: [String] = []
    ) throws(TemplateError) -> Expression {
        let place = current.place
        var parts: [Expression] = []
        var isTuple = false
        while true {
            if !parts.isEmpty { try expect(sign: ",") }
            if endsTuple(ends) { break }
            parts.append(try expression(allowsCondition: allowsCondition))
            if !isSign(",") { break }
            isTuple = true
        }
        if !isTuple, let only = parts.first { return only }
        if !isTuple, !isInParentheses { throw unexpected("an expression") }
        return try make(.tuple(parts), at: place, over: parts)
    }

    func endsTuple(_ ends: [String]) -> Bool {
        switch current.kind {
        case .outputEnd, .tagEnd, .sign(")"): true
        case .name(let name): ends.contains(name)
        default: false
        }
    }

    private mutating func list() throws(TemplateError) -> Expression {
        let place = current.place
        advance()
        var elements: [Expression] = []
        while !isSign("]") {
            if !elements.isEmpty { try expect(sign: ",") }
            if isSign("]") { break }
            elements.append(try expression())
        }
        try expect(sign: "]")
        return try make(.list(elements), at: place, over: elements)
    }

    private mutating func dictionary() throws(TemplateError) -> Expression {
        let place = current.place
        advance()
        var members: [(key: Expression, value: Expression)] = []
        while !isSign("}") {
            if !members.isEmpty { try expect(sign: ",") }
            if isSign("}") { break }
            let key = try expression()
            try expect(sign: ":")
            members.append((key, try expression()))
        }
        try expect(sign: "}")
        return try make(
            .dictionary(members), at: place, over: members.flatMap { [$0.key, $0.value] })
    }
}
