extension Interpreter {
    /// `value.name`: a method or attribute of its type, else a member of that name.
    func attribute(_ name: MarkedText, of value: Value) throws(TemplateError) -> Value {
        if case .undefined(let undefined) = value { throw undefined.error }
        let text = name.string
        if let found = ownAttribute(text, of: value) { return found }
        if case .dictionary(let members) = value, let member = members[name] { return member }
        return missing("attribute '\(text)'", of: value)
    }

    /// `value[key]`: an element, else an attribute.
    func item(_ key: Value, of value: Value) throws(TemplateError) -> Value {
        switch value {
        case .undefined(let undefined): throw undefined.error
        case .dictionary(let members):
            if let hashed = HashedValue(key), let member = members[hashed] { return member }
        case .text(let text):
            if let index = index(key, text.count) { return .text(text[index..<index + 1]) }
        case .list(let elements), .tuple(let elements):
            if let index = index(key, elements.count) { return elements.items[index] }
        case .range(let range):
            if let index = index(key, range.count) { return .integer(range[index]) }
        default: break
        }
        guard let name = key.asText else {
            return missing("element \(try representation(of: key).string)", of: value)
        }
        return ownAttribute(name.string, of: value)
            ?? missing("attribute '\(name.string)'", of: value)
    }

    private func missing(_ part: String, of value: Value) -> Value {
        .undefined(Undefined(message: "'\(value.description)' has no \(part)"))
    }

    private func index(_ key: Value, _ count: Int) -> Int? {
        guard let index = key.asInteger, index >= -count, index < count else { return nil }
        return index < 0 ? index + count : index
    }

    /// What a type has whatever its value: its methods. What would change a value is not safe in
    /// a sandbox, nor is anything of Python's own: such an attribute is undefined.
    func ownAttribute(_ name: String, of value: Value) -> Value? {
        if name.hasPrefix("__") { return hidden(name, of: value) }
        switch value {
        case .namespace(let namespace): return namespace.values[MarkedText(own: name)]
        case .loop(let loop): return loop[name]
        case .function(.macro(let macro)) where name == "name":
            return .text(own: macro.definition.name)
        case .range(let range):
            switch name {
            case "start": return .integer(range.start)
            case "stop": return .integer(range.stop)
            case "step": return .integer(range.step)
            default: break
            }
        case .tuple(let elements) where elements.count == 2 && name == "grouper":
            return elements.items[0]
        case .tuple(let elements) where elements.count == 2 && name == "list":
            return elements.items[1]
        case .cycler(let cycler) where name == "current":
            return cycler.items.items[cycler.index]
        default: break
        }
        if Methods.hidden(of: value).contains(name) { return hidden(name, of: value) }
        return Methods.has(name, of: value) ? .function(.method(value, name)) : nil
    }

    private func hidden(_ name: String, of value: Value) -> Value {
        .undefined(
            Undefined(
                message: "access to attribute '\(name)' of '\(value.typeName)' object is unsafe."))
    }

    func slice(
        _ base: Expression, _ slice: Expression.Slice, in scope: Scope
    ) throws(TemplateError) -> Value {
        let value = try evaluate(base, in: scope)
        var bounds: [Int?] = []
        for part in [slice.start, slice.stop, slice.step] {
            guard let part else {
                bounds.append(nil)
                continue
            }
            let bound = try evaluate(part, in: scope)
            guard bound.isNone || bound.asInteger != nil else {
                throw TemplateError(.type, "slice indices must be integers or none")
            }
            bounds.append(bound.asInteger)
        }
        return try self.slice(value, bounds)
    }

    private func slice(_ value: Value, _ bounds: [Int?]) throws(TemplateError) -> Value {
        switch value {
        case .undefined(let undefined): throw undefined.error
        case .text(let text):
            let indices = try indices(bounds, text.count)
            return try make(MarkedText(indices.map { text.characters[$0] }[...], like: text))
        case .list(let elements):
            return try make(list: try indices(bounds, elements.count).map { elements.items[$0] })
        case .tuple(let elements):
            return try make(tuple: try indices(bounds, elements.count).map { elements.items[$0] })
        case .range(let range):
            let (start, stop, step) = try limits(bounds, range.count)
            let slice = RangeValue(
                start: range[start], stop: range[stop], step: range.step &* step)
            return slice.map { .range($0) } ?? .none
        default: throw TemplateError(.type, "'\(value.typeName)' object cannot be sliced")
        }
    }

    /// The indices that a slice selects.
    private func indices(_ bounds: [Int?], _ count: Int) throws(TemplateError) -> [Int] {
        let (start, stop, step) = try limits(bounds, count)
        try charge(work: count)
        return Array(stride(from: start, to: stop, by: step))
    }

    /// A slice's bounds within a number of elements, as Python's `slice.indices`.
    private func limits(
        _ bounds: [Int?], _ count: Int
    ) throws(TemplateError) -> (start: Int, stop: Int, step: Int) {
        let step = bounds[2] ?? 1
        if step == 0 { throw TemplateError(.value, "a slice's step cannot be 0") }
        func clamped(_ bound: Int?, _ missing: Int) -> Int {
            guard let bound else { return missing }
            let index = bound < 0 ? bound &+ count : bound
            return step > 0 ? min(max(index, 0), count) : min(max(index, -1), count - 1)
        }
        let start = clamped(bounds[0], step > 0 ? 0 : count - 1)
        return (start, clamped(bounds[1], step > 0 ? count : -1), step)
    }
}
