extension Parser {
    /// An expression, weakest operators first: `x if y else z`.
    mutating func expression(
        allowsCondition: Bool = true
    ) throws(TemplateError) -> Expression {
        try nested { parser throws(TemplateError) in
            allowsCondition ? try parser.conditional() : try parser.or()
        }
    }

    private mutating func conditional() throws(TemplateError) -> Expression {
        let known = unknowns.count
        var result = try or()
        while isName("if") {
            let place = current.place
            advance()
            unknowns.removeLast(unknowns.count - known)
            let wasSoft = isSoft
            isSoft = true
            defer { isSoft = wasSoft }
            let test = try or()
            let otherwise = skip(name: "else") ? try expression() : nil
            result = try make(
                .conditional(then: result, test: test, otherwise: otherwise), at: place,
                over: [result, test] + (otherwise.map { [$0] } ?? []))
        }
        return result
    }

    private mutating func or() throws(TemplateError) -> Expression {
        let place = current.place
        var operands = [try and()]
        while skip(name: "or") { operands.append(try and()) }
        return operands.count == 1
            ? operands[0] : try make(.or(operands), at: place, over: operands)
    }

    private mutating func and() throws(TemplateError) -> Expression {
        let place = current.place
        var operands = [try not()]
        while skip(name: "and") { operands.append(try not()) }
        return operands.count == 1
            ? operands[0] : try make(.and(operands), at: place, over: operands)
    }

    private mutating func not() throws(TemplateError) -> Expression {
        let place = current.place
        guard skip(name: "not") else { return try comparison() }
        let operand = try nested { parser throws(TemplateError) in try parser.not() }
        return try make(.not(operand), at: place, over: [operand])
    }

    private mutating func comparison() throws(TemplateError) -> Expression {
        let first = try sum()
        let place = current.place
        var rest: [(sign: ComparisonSign, operand: Expression)] = []
        while let sign = comparisonSign() { rest.append((sign, try sum())) }
        if rest.isEmpty { return first }
        return try make(.comparison(first, rest), at: place, over: [first] + rest.map(\.operand))
    }

    private mutating func comparisonSign() -> ComparisonSign? {
        switch current.kind {
        case .sign(let text):
            guard let sign = ComparisonSign(rawValue: text) else { return nil }
            advance()
            return sign
        case .name("in"):
            advance()
            return .contained
        case .name("not") where following.kind == .name("in"):
            advance()
            advance()
            return .notContained
        default: return nil
        }
    }

    private mutating func sum() throws(TemplateError) -> Expression {
        try chain([.add, .subtract]) { parser throws(TemplateError) in
            try parser.concatenation()
        }
    }

    private mutating func concatenation() throws(TemplateError) -> Expression {
        let place = current.place
        var operands = [try product()]
        while skip(sign: "~") { operands.append(try product()) }
        return operands.count == 1
            ? operands[0] : try make(.concatenation(operands), at: place, over: operands)
    }

    private mutating func product() throws(TemplateError) -> Expression {
        try chain([.multiply, .divide, .floorDivide, .remainder]) { parser throws(TemplateError) in
            try parser.chain([.power]) { parser throws(TemplateError) in try parser.unary() }
        }
    }

    private mutating func chain(
        _ signs: [ArithmeticSign], _ operand: (inout Parser) throws(TemplateError) -> Expression
    ) throws(TemplateError) -> Expression {
        let first = try operand(&self)
        let place = current.place
        var rest: [(sign: ArithmeticSign, operand: Expression)] = []
        while case .sign(let text) = current.kind, let sign = ArithmeticSign(rawValue: text),
            signs.contains(sign)
        {
            advance()
            rest.append((sign, try operand(&self)))
        }
        if rest.isEmpty { return first }
        return try make(.arithmetic(first, rest), at: place, over: [first] + rest.map(\.operand))
    }

    private mutating func unary(allowsFilter: Bool = true) throws(TemplateError) -> Expression {
        let place = current.place
        var result: Expression
        if isSign("-") || isSign("+") {
            let isMinus = isSign("-")
            advance()
            let operand = try nested { parser throws(TemplateError) in
                try parser.unary(allowsFilter: false)
            }
            result = try make(
                isMinus ? .negation(operand) : .plus(operand), at: place, over: [operand])
        } else {
            result = try primary()
        }
        result = try postfix(result)
        return allowsFilter ? try filtersAndTests(result) : result
    }
}
