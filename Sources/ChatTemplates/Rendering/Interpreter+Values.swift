extension Interpreter {
    /// A new text, paid for.
    func make(_ text: MarkedText) throws(TemplateError) -> Value {
        try checkLength(text.count)
        try charge(work: text.count)
        return .text(text)
    }

    /// A new list, paid for.
    func make(list items: [Value]) throws(TemplateError) -> Value {
        .list(try elements(from: items))
    }

    func make(tuple items: [Value]) throws(TemplateError) -> Value {
        .tuple(try elements(from: items))
    }

    func make(iterator items: [Value]) throws(TemplateError) -> Value {
        .iterator(ItemIterator(try elements(from: items).items))
    }

    func make(texts: [MarkedText]) throws(TemplateError) -> Value {
        try charge(work: texts.reduce(0) { $0 + $1.count })
        return try make(list: texts.map { .text($0) })
    }

    func elements(from items: [Value]) throws(TemplateError) -> Elements {
        try checkCount(items.count)
        try charge(steps: items.count)
        let elements = Elements(items)
        if elements.depth > TemplateLimits.valueDepth { throw tooDeep }
        return elements
    }

    func make(dictionary members: OrderedValues) throws(TemplateError) -> Value {
        try checkCount(members.count)
        try charge(steps: members.count)
        if members.depth > TemplateLimits.valueDepth { throw tooDeep }
        return .dictionary(members)
    }

    func checkCount(_ count: Int) throws(TemplateError) {
        guard count <= TemplateLimits.elements else {
            throw TemplateError(
                .limit, "a value of more than \(TemplateLimits.elements) elements")
        }
    }

    /// A value of the context. Recursive, as deep as values may be.
    func value(_ value: TemplateValue, depth: Int = 0) throws(TemplateError) -> Value {
        if depth > TemplateLimits.valueDepth { throw tooDeep }
        switch value {
        case .none: return .none
        case .bool(let value): return .bool(value)
        case .integer(let value): return .integer(value)
        case .number(let value): return .float(value)
        case .text(let text): return .text(text)
        case .list(let elements):
            var items: [Value] = []
            items.reserveCapacity(elements.count)
            for element in elements { items.append(try self.value(element, depth: depth + 1)) }
            return .list(Elements(items))
        case .dictionary(let members):
            var values = OrderedValues()
            for member in members {
                values.set(member.key, to: try self.value(member.value, depth: depth + 1))
            }
            return .dictionary(values)
        }
    }

    /// What a loop over a value passes.
    func elements(of value: Value) throws(TemplateError) -> [Value] {
        let items: [Value]
        switch value {
        case .undefined: items = []
        case .text(let text):
            try charge(work: text.count)
            items = text.characters.map { .text(MarkedText([$0])) }
        case .list(let elements), .tuple(let elements): items = elements.items
        case .dictionary(let members): items = members.keys
        case .view(let members, let part): items = members.part(part)
        case .range(let range): items = (0..<range.count).map { .integer(range[$0]) }
        case .iterator(let iterator): items = iterator.take()
        default:
            throw TemplateError(.type, "'\(value.typeName)' object is not iterable")
        }
        try charge(steps: items.count)
        return items
    }
}
