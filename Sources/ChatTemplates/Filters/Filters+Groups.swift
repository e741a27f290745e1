extension Filters {
    static let groups: [String: Filter] = [
        "batch": { (run, value, arguments) throws(TemplateError) in
            let bound = try arguments.bound(
                to: ["linecount", "fill_with"], of: "batch", required: 1)
            let size = try run.integer(bound[0], "linecount", or: 1)
            let items = try run.elements(of: value)
            guard size > 0 else { throw TemplateError(.value, "batch needs a positive size") }
            var batches: [Value] = []
            for start in stride(from: 0, to: items.count, by: size) {
                var batch = Array(items[start..<min(start + size, items.count)])
                if let fill = bound[1], !fill.isNone, batch.count < size {
                    try run.checkCount(size)
                    batch += Array(repeating: fill, count: size - batch.count)
                }
                batches.append(try run.make(list: batch))
            }
            return try run.make(iterator: batches)
        },
        "slice": { (run, value, arguments) throws(TemplateError) in
            let bound = try arguments.bound(
                to: ["slices", "fill_with"], of: "slice", required: 1)
            let count = try run.integer(bound[0], "slices", or: 1)
            let items = try run.elements(of: value)
            guard count > 0 else { throw TemplateError(.value, "slice needs a positive count") }
            try run.checkCount(count)
            try run.charge(steps: count)
            let (size, longer) = (items.count / count, items.count % count)
            var slices: [Value] = []
            var start = 0
            for index in 0..<count {
                let end = start + size + (index < longer ? 1 : 0)
                var slice = Array(items[start..<end])
                if let fill = bound[1], !fill.isNone, index >= longer { slice.append(fill) }
                slices.append(try run.make(list: slice))
                start = end
            }
            return try run.make(iterator: slices)
        },
        "groupby": { (run, value, arguments) throws(TemplateError) in
            let bound = try arguments.bound(
                to: ["attribute", "default", "case_sensitive"], of: "groupby", required: 1)
            return try run.make(
                list: try run.grouped(
                    try run.elements(of: value), by: bound[0], or: bound[1],
                    isExact: bound[2]?.isTrue ?? false))
        },
        "dictsort": { (run, value, arguments) throws(TemplateError) in
            let bound = try arguments.bound(
                to: ["case_sensitive", "by", "reverse"], of: "dictsort")
            let by = try run.text(bound[1], "by")?.string ?? "key"
            guard by == "key" || by == "value" else {
                throw TemplateError(.value, "dictsort sorts by 'key' or by 'value'")
            }
            if case .undefined(let undefined) = value { throw undefined.error }
            guard case .dictionary(let members) = value else {
                throw TemplateError(.type, "dictsort takes a mapping, not \(value.typeName)")
            }
            let isExact = bound[0]?.isTrue ?? false
            let sorted = try run.sort(members.entries, reversed: bound[2]?.isTrue ?? false) {
                entry throws(TemplateError) in
                try run.key(by == "key" ? entry.key : entry.value, isExact)
            }
            return try run.make(list: sorted.map { .tuple(Elements([$0.key, $0.value])) })
        },
    ]
}

extension Interpreter {
    fileprivate func grouped(
        _ items: [Value], by path: Value?, or fallback: Value?, isExact: Bool
    ) throws(TemplateError) -> [Value] {
        func key(_ item: Value) throws(TemplateError) -> Value {
            try self.key(try part(path, of: item, or: fallback), isExact)
        }
        let sorted = try sort(items, by: key)
        var groups: [Value] = []
        var start = 0
        while start < sorted.count {
            let first = try key(sorted[start])
            var end = start + 1
            while end < sorted.count, try equal(first, try key(sorted[end])) { end += 1 }
            let name = try part(path, of: sorted[start], or: fallback)
            let group = try make(list: Array(sorted[start..<end]))
            groups.append(try make(tuple: [name, group]))
            start = end
        }
        return groups
    }
}
