extension Parser {
    /// Attributes, subscripts and calls after an expression.
    mutating func postfix(_ base: Expression) throws(TemplateError) -> Expression {
        var result = base
        while true {
            switch current.kind {
            case .sign("."): result = try member(of: result)
            case .sign("["): result = try item(of: result)
            case .sign("("): result = try call(result)
            default: return result
            }
        }
    }

    /// Filters, tests and calls after an expression.
    mutating func filtersAndTests(_ base: Expression) throws(TemplateError) -> Expression {
        var result = base
        while true {
            switch current.kind {
            case .sign("|"):
                advance()
                let use = try filterUse()
                result = try make(
                    .filter(result, use), at: use.place, over: [result] + use.arguments.all)
            case .name("is"): result = try test(result)
            case .sign("("): result = try call(result)
            default: return result
            }
        }
    }

    private mutating func member(of base: Expression) throws(TemplateError) -> Expression {
        advance()
        let place = current.place
        if case .integer(let value) = current.kind {
            advance()
            let index = Expression(kind: .integer(value), place: place, depth: 1)
            return try make(.item(base, index), at: place, over: [base])
        }
        let name = MarkedText(own: try expectName())
        return try make(.attribute(base, name), at: place, over: [base])
    }

    private mutating func item(of base: Expression) throws(TemplateError) -> Expression {
        let place = current.place
        advance()
        if let slice = try slice() {
            try expect(sign: "]")
            let parts = [slice.start, slice.stop, slice.step].compactMap { $0 }
            return try make(.slice(base, slice), at: place, over: [base] + parts)
        }
        if skip(sign: "]") {
            let key = try make(.tuple([]), at: place, over: [])
            return try make(.item(base, key), at: place, over: [base])
        }
        var keys = [try expression()]
        if isSign(":") {
            let slice = try slice(from: keys[0])
            try expect(sign: "]")
            let parts = [slice.start, slice.stop, slice.step].compactMap { $0 }
            return try make(.slice(base, slice), at: place, over: [base] + parts)
        }
        while skip(sign: ",") { if !isSign("]") { keys.append(try expression()) } }
        try expect(sign: "]")
        let key = keys.count == 1 ? keys[0] : try make(.tuple(keys), at: place, over: keys)
        return try make(.item(base, key), at: place, over: [base, key])
    }

    private mutating func slice() throws(TemplateError) -> Expression.Slice? {
        isSign(":") ? try slice(from: nil) : nil
    }

    /// The rest of a slice, from its first colon on.
    private mutating func slice(from start: Expression?) throws(TemplateError) -> Expression.Slice {
        var slice = Expression.Slice(start: start)
        try expect(sign: ":")
        if !isSign(":"), !isSign("]") { slice.stop = try expression() }
        if skip(sign: ":"), !isSign("]") { slice.step = try expression() }
        return slice
    }

    mutating func call(_ callee: Expression) throws(TemplateError) -> Expression {
        let place = current.place
        let arguments = try arguments()
        return try make(.call(callee, arguments), at: place, over: [callee] + arguments.all)
    }

    /// Arguments in parentheses.
    mutating func arguments() throws(TemplateError) -> ArgumentList {
        var list = ArgumentList()
        let place = current.place
        try expect(sign: "(")
        while !isSign(")") {
            var isInOrder = list.doubleStar == nil
            if skip(sign: "*") {
                isInOrder = isInOrder && list.star == nil
                list.star = try expression()
            } else if skip(sign: "**") {
                list.doubleStar = try expression()
            } else if case .name(let name) = current.kind, following.kind == .sign("=") {
                advance()
                advance()
                list.named.append((name, try expression()))
            } else {
                isInOrder = isInOrder && list.star == nil && list.named.isEmpty
                list.positional.append(try expression())
            }
            if !isInOrder { throw error("arguments in an order that is not allowed", at: place) }
            if !isSign(")") { try expect(sign: ",") }
        }
        try expect(sign: ")")
        return list
    }

    /// A filter's name and arguments, after its `|`.
    mutating func filterUse() throws(TemplateError) -> FilterUse {
        let place = current.place
        let name = try dottedName()
        if !isSoft, Filters.table[name] == nil {
            unknowns.append(Filters.unknown(name).placed(at: place))
        }
        let arguments = isSign("(") ? try arguments() : ArgumentList()
        return FilterUse(name: name, arguments: arguments, place: place)
    }

    private mutating func dottedName() throws(TemplateError) -> String {
        var name = try expectName()
        while skip(sign: ".") { name += "." + (try expectName()) }
        return name
    }

    private mutating func test(_ value: Expression) throws(TemplateError) -> Expression {
        advance()
        let isNegated = skip(name: "not")
        let place = current.place
        let name = try dottedName()
        if !isSoft, Tests.table[name] == nil {
            unknowns.append(Tests.unknown(name).placed(at: place))
        }
        var arguments = ArgumentList()
        if isSign("(") {
            arguments = try self.arguments()
        } else if current.beginsOperand {
            if isName("is") { throw error("tests cannot be chained with 'is'") }
            arguments.positional = [
                try nested { parser throws(TemplateError) in
                    try parser.postfix(try parser.primary())
                }
            ]
        }
        return try make(
            .test(value, name, arguments, isNegated: isNegated), at: place,
            over: [value] + arguments.all)
    }
}
