extension Interpreter {
    /// What comparisons of a filter look at: texts in small letters, unless they are to be exact.
    func key(_ value: Value, _ isExact: Bool) throws(TemplateError) -> Value {
        guard !isExact, case .text(let text) = value else { return value }
        try charge(work: text.count)
        return .text(text.lowercased())
    }

    /// Sorted by a key, equal elements in the order they had, as Python's `sorted`.
    func sort<Item>(
        _ items: [Item], reversed: Bool = false,
        by key: (Item) throws(TemplateError) -> Value
    ) throws(TemplateError) -> [Item] {
        var sorted: [(key: Value, item: Item)] = []
        for item in items { sorted.append((try key(item), item)) }
        var width = 1
        while width < sorted.count {
            var merged: [(key: Value, item: Item)] = []
            merged.reserveCapacity(sorted.count)
            var start = 0
            while start < sorted.count {
                let middle = min(start + width, sorted.count)
                let end = min(start + 2 * width, sorted.count)
                var left = start
                var right = middle
                while left < middle, right < end {
                    let order = try compare(sorted[right].key, sorted[left].key)
                    let takesRight = order == (reversed ? .greater : .less)
                    merged.append(sorted[takesRight ? right : left])
                    if takesRight { right += 1 } else { left += 1 }
                }
                merged += sorted[left..<middle] + sorted[right..<end]
                start = end
            }
            sorted = merged
            width *= 2
        }
        return sorted.map(\.item)
    }

    /// A part of a value by the path that a filter's `attribute` says: `"address.city"`, `0`.
    func part(
        _ path: Value?, of value: Value, or fallback: Value? = nil
    ) throws(TemplateError) -> Value {
        guard let path, !path.isNone else { return value }
        guard case .text(let text) = path else { return try item(path, of: value) }
        var result = value
        for name in text.split(by: MarkedText(own: ".")) {
            try charge(steps: 1)
            let isIndex = !name.isEmpty && name.characters.allSatisfy { $0.isDigit }
            let key: Value = isIndex ? .integer(Int(name.string) ?? .max) : .text(name)
            result = try item(key, of: result)
            if let fallback, !fallback.isNone, result.isUndefined { result = fallback }
        }
        return result
    }

    /// The paths of `sort`'s `attribute`, which may be several with commas.
    func paths(_ attribute: Value?) throws(TemplateError) -> [Value?] {
        guard case .text(let text)? = attribute else { return [attribute] }
        return text.split(by: MarkedText(own: ",")).map { .text($0) }
    }
}
