extension Interpreter {
    /// Python's `==`.
    func equal(_ left: Value, _ right: Value, depth: Int = 0) throws(TemplateError) -> Bool {
        try charge(steps: 1)
        guard depth < TemplateLimits.valueDepth else { throw tooDeep }
        switch (left, right) {
        case (.undefined, .undefined), (.none, .none): return true
        case (.text(let left), .text(let right)):
            guard left.count == right.count else { return false }
            try charge(work: left.count)
            return left == right
        case (.list(let left), .list(let right)), (.tuple(let left), .tuple(let right)):
            return try equal(left.items, right.items, depth: depth + 1)
        case (.dictionary(let left), .dictionary(let right)):
            guard left.count == right.count else { return false }
            for entry in left.entries {
                guard let key = HashedValue(entry.key), let other = right[key],
                    try equal(entry.value, other, depth: depth + 1)
                else { return false }
            }
            return true
        case (.range(let left), .range(let right)):
            guard left.count == right.count, left.count > 0 else {
                return left.count == right.count
            }
            return left.start == right.start && (left.count == 1 || left.step == right.step)
        case (.namespace(let left), .namespace(let right)): return left === right
        case (.iterator(let left), .iterator(let right)): return left === right
        case (.loop(let left), .loop(let right)): return left === right
        case (.function(.macro(let left)), .function(.macro(let right))): return left === right
        case (.function(.builtin(let left)), .function(.builtin(let right))): return left == right
        default:
            if let left = left.asInteger, let right = right.asInteger { return left == right }
            return compare(numbers: left, right) == .same
        }
    }

    private func equal(
        _ left: [Value], _ right: [Value], depth: Int
    ) throws(TemplateError) -> Bool {
        guard left.count == right.count else { return false }
        for index in left.indices
        where !(try equal(left[index], right[index], depth: depth)) { return false }
        return true
    }

    enum Order {
        case less, same, greater
        /// Of a number that is none.
        case none
    }

    /// How two numbers compare; nil if one of the values is not a number.
    private func compare(numbers left: Value, _ right: Value) -> Order? {
        if let left = left.asInteger, let right = right.asInteger {
            return left < right ? .less : left > right ? .greater : .same
        }
        guard let first = left.asDouble, let second = right.asDouble else { return nil }
        if first < second { return .less }
        if first > second { return .greater }
        guard first == second else { return Order.none }
        // Beyond 2^53 an integer that rounds to the other number may still differ from it.
        let exact = [left, right].map { $0.asInteger ?? Int(exactly: first) ?? .max }
        return exact[0] < exact[1] ? .less : exact[0] > exact[1] ? .greater : .same
    }

    /// Python's `<` and its like; an error for what has no order.
    func compare(
        _ left: Value, _ right: Value, sign: String = "<", depth: Int = 0
    ) throws(TemplateError) -> Order {
        try charge(steps: 1)
        guard depth < TemplateLimits.valueDepth else { throw tooDeep }
        for case .undefined(let undefined) in [left, right] { throw undefined.error }
        if let order = compare(numbers: left, right) { return order }
        switch (left, right) {
        case (.text(let left), .text(let right)):
            try charge(work: min(left.count, right.count))
            if left == right { return .same }
            return left.characters.lexicographicallyPrecedes(right.characters) ? .less : .greater
        case (.list(let left), .list(let right)), (.tuple(let left), .tuple(let right)):
            for (first, second) in zip(left.items, right.items)
            where !(try equal(first, second, depth: depth + 1)) {
                return try compare(first, second, sign: sign, depth: depth + 1)
            }
            return left.count < right.count ? .less : left.count > right.count ? .greater : .same
        default:
            throw TemplateError(
                .type,
                "'\(sign)' not supported between instances of '\(left.typeName)' and "
                    + "'\(right.typeName)'")
        }
    }

    /// Python's `in`.
    func contains(_ container: Value, _ item: Value) throws(TemplateError) -> Bool {
        switch container {
        case .text(let text):
            guard case .text(let part) = item else {
                throw TemplateError(
                    .type, "'in <string>' requires string as left operand, not \(item.typeName)")
            }
            try charge(searching: text, for: part)
            return text.range(of: part) != nil
        case .dictionary(let members), .view(let members, .keys):
            return members[try hashed(item)] != nil
        default:
            for element in try elements(of: container) where try equal(element, item) {
                return true
            }
            return false
        }
    }

    func hashed(_ value: Value) throws(TemplateError) -> HashedValue {
        if let key = HashedValue(value) { return key }
        throw TemplateError(.type, "unhashable type: '\(value.typeName)'")
    }
}
