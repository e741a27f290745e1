extension Interpreter {
    func evaluate(_ expression: Expression, in scope: Scope) throws(TemplateError) -> Value {
        try nested(at: expression.place) { () throws(TemplateError) in
            switch expression.kind {
            case .none: .none
            case .bool(let value): .bool(value)
            case .integer(let value): .integer(value)
            case .float(let value): .float(value)
            case .text(let text): .text(text)
            case .name(let name): scope.find(name) ?? global(name)
            case .list(let parts): try make(list: try evaluate(parts, in: scope))
            case .tuple(let parts): try make(tuple: try evaluate(parts, in: scope))
            case .dictionary(let members): try dictionary(members, in: scope)
            default: try evaluateOperation(expression, in: scope)
            }
        }
    }

    private func evaluateOperation(
        _ expression: Expression, in scope: Scope
    ) throws(TemplateError) -> Value {
        switch expression.kind {
        case .attribute(let base, let name):
            return try attribute(name, of: try evaluate(base, in: scope))
        case .item(let base, let key):
            let value = try evaluate(base, in: scope)
            return try item(try evaluate(key, in: scope), of: value)
        case .slice(let base, let slice): return try self.slice(base, slice, in: scope)
        case .call(let callee, let list):
            let function = try evaluate(callee, in: scope)
            return try call(function, try evaluate(list, in: scope))
        case .filter(let base, let use):
            return try apply(use, to: try evaluate(base, in: scope), in: scope)
        case .test(let base, let name, let list, let isNegated):
            let value = try evaluate(base, in: scope)
            let arguments = try evaluate(list, in: scope)
            return .bool(try test(value, name, arguments) != isNegated)
        case .negation(let operand): return try negative(try evaluate(operand, in: scope))
        case .plus(let operand): return try positive(try evaluate(operand, in: scope))
        case .not(let operand): return .bool(!(try evaluate(operand, in: scope)).isTrue)
        default: return try evaluateChain(expression, in: scope)
        }
    }

    private func evaluateChain(
        _ expression: Expression, in scope: Scope
    ) throws(TemplateError) -> Value {
        switch expression.kind {
        case .arithmetic(let first, let rest): return try arithmetic(first, rest, in: scope)
        case .concatenation(let parts):
            var result = MarkedText()
            for part in parts {
                let text = try text(of: try evaluate(part, in: scope))
                try charge(work: text.count)
                try checkLength(result.count + text.count)
                result.append(text)
            }
            return .text(result)
        case .comparison(let first, let rest): return try comparison(first, rest, in: scope)
        case .and(let parts):
            var value = Value.none
            for part in parts {
                value = try evaluate(part, in: scope)
                if !value.isTrue { return value }
            }
            return value
        case .or(let parts):
            var value = Value.none
            for part in parts {
                value = try evaluate(part, in: scope)
                if value.isTrue { return value }
            }
            return value
        case .conditional(let then, let test, let otherwise):
            if try evaluate(test, in: scope).isTrue { return try evaluate(then, in: scope) }
            if let otherwise { return try evaluate(otherwise, in: scope) }
            return .undefined(
                Undefined(message: "the 'if' without 'else' was false: there is no value"))
        default: preconditionFailure("an expression of a form that is evaluated elsewhere")
        }
    }

    private func evaluate(
        _ parts: [Expression], in scope: Scope
    ) throws(TemplateError) -> [Value] {
        var values: [Value] = []
        for part in parts { values.append(try evaluate(part, in: scope)) }
        return values
    }

    private func dictionary(
        _ members: [(key: Expression, value: Expression)], in scope: Scope
    ) throws(TemplateError) -> Value {
        var values = OrderedValues()
        for (key, value) in members {
            let key = try evaluate(key, in: scope)
            values.set(key, hashed: try hashed(key), to: try evaluate(value, in: scope))
        }
        return try make(dictionary: values)
    }

    private func comparison(
        _ first: Expression, _ rest: [(sign: ComparisonSign, operand: Expression)],
        in scope: Scope
    ) throws(TemplateError) -> Value {
        var left = try evaluate(first, in: scope)
        for (sign, operand) in rest {
            let right = try evaluate(operand, in: scope)
            guard try holds(left, sign, right) else { return .bool(false) }
            left = right
        }
        return .bool(true)
    }

    func holds(
        _ left: Value, _ sign: ComparisonSign, _ right: Value
    ) throws(TemplateError) -> Bool {
        switch sign {
        case .equal: return try equal(left, right)
        case .unequal: return !(try equal(left, right))
        case .contained: return try contains(right, left)
        case .notContained: return !(try contains(right, left))
        case .less: return try compare(left, right, sign: "<") == .less
        case .greater: return try compare(left, right, sign: ">") == .greater
        case .lessOrEqual:
            let order = try compare(left, right, sign: "<=")
            return order == .less || order == .same
        case .greaterOrEqual:
            let order = try compare(left, right, sign: ">=")
            return order == .greater || order == .same
        }
    }
}
