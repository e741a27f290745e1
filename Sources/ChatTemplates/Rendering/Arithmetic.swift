extension Interpreter {
    func arithmetic(
        _ first: Expression, _ rest: [(sign: ArithmeticSign, operand: Expression)],
        in scope: Scope
    ) throws(TemplateError) -> Value {
        var value = try evaluate(first, in: scope)
        for (sign, operand) in rest {
            let right = try evaluate(operand, in: scope)
            // Long sums of texts are appended in place: `value` holds the only reference.
            if sign == .add, case .text(var text) = value, case .text(let more) = right,
                !text.isEscaped, !more.isEscaped
            {
                value = .none
                try charge(work: more.count)
                try checkLength(text.count + more.count)
                text.append(more)
                value = .text(text)
            } else {
                do {
                    value = try apply(sign, value, right)
                } catch { throw error.placed(at: operand.place) }
            }
        }
        return value
    }

    func apply(
        _ sign: ArithmeticSign, _ left: Value, _ right: Value
    ) throws(TemplateError) -> Value {
        if sign == .remainder, case .text(let format) = left {
            return try make(try formatted(format, with: right))
        }
        for case .undefined(let undefined) in [left, right] { throw undefined.error }
        if let first = left.asInteger, let second = right.asInteger {
            return try integers(sign, first, second)
        }
        if let first = left.asDouble, let second = right.asDouble {
            return .float(try floats(sign, first, second))
        }
        switch (sign, left, right) {
        case (.add, .text(let first), .text(let second)):
            let escapes = first.isEscaped || second.isEscaped
            var sum = escapes ? first.escaped() : first
            sum.append(escapes ? second.escaped() : second)
            return try make(sum)
        case (.add, .list(let first), .list(let second)):
            return try make(list: first.items + second.items)
        case (.add, .tuple(let first), .tuple(let second)):
            return try make(tuple: first.items + second.items)
        case (.multiply, _, _):
            if let count = right.asInteger, let product = try repeated(left, count) {
                return product
            }
            if let count = left.asInteger, let product = try repeated(right, count) {
                return product
            }
        default: break
        }
        throw TemplateError(
            .type,
            "unsupported operand type(s) for \(sign.rawValue): '\(left.typeName)' and "
                + "'\(right.typeName)'")
    }

    /// A text or a list several times; nil for any other value.
    private func repeated(_ value: Value, _ count: Int) throws(TemplateError) -> Value? {
        let count = max(count, 0)
        func product(_ length: Int) -> Int {
            let (total, overflow) = length.multipliedReportingOverflow(by: count)
            return overflow ? .max : total
        }
        switch value {
        case .text(let text):
            try checkLength(product(text.count))
            var result = MarkedText()
            result.isEscaped = text.isEscaped
            if !text.isEmpty { for _ in 0..<count { result.append(text) } }
            return try make(result)
        case .list(let elements), .tuple(let elements):
            try checkCount(product(elements.count))
            var items: [Value] = []
            if !elements.isEmpty { for _ in 0..<count { items += elements.items } }
            if case .list = value { return try make(list: items) }
            return try make(tuple: items)
        default: return nil
        }
    }

    func negative(_ value: Value) throws(TemplateError) -> Value {
        if let integer = value.asInteger { return try integers(.subtract, 0, integer) }
        if case .float(let number) = value { return .float(-number) }
        if case .undefined(let undefined) = value { throw undefined.error }
        throw TemplateError(.type, "bad operand type for unary -: '\(value.typeName)'")
    }

    func positive(_ value: Value) throws(TemplateError) -> Value {
        if let integer = value.asInteger { return .integer(integer) }
        if case .float = value { return value }
        if case .undefined(let undefined) = value { throw undefined.error }
        throw TemplateError(.type, "bad operand type for unary +: '\(value.typeName)'")
    }
}
