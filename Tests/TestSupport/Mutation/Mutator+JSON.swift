package import QuireJSON

extension Mutator {
    /// The text of a JSON tree with 1 to 3 of its values replaced, removed, repeated or moved, and
    /// at times with changed bytes.
    package mutating func json(_ tree: JSONValue) -> [UInt8] {
        var tree = tree
        for _ in 0..<Int.random(in: 1...3, using: &random) { change(&tree) }
        var writer = JSONWriter()
        writer.value(tree)
        let changesBytes = Int.random(in: 0..<4, using: &random) == 0
        return changesBytes ? bytes(writer.bytes) : writer.bytes
    }

    /// Walks down to a random place and changes what is there.
    private mutating func change(_ value: inout JSONValue) {
        let stops = Int.random(in: 0..<6, using: &random) == 0
        switch value {
        case .array(var elements) where !elements.isEmpty && !stops:
            let index = Int.random(in: 0..<elements.count, using: &random)
            if descends() {
                change(&elements[index])
            } else {
                rearrange(&elements, index)
            }
            value = .array(elements)
        case .object(var members) where !members.isEmpty && !stops:
            let index = Int.random(in: 0..<members.count, using: &random)
            if descends() {
                change(&members[index].value)
            } else {
                rearrange(&members, index)
            }
            value = .object(members)
        case .string(let text) where Bool.random(using: &random):
            value = .string(changed(text))
        default: value = strange()
        }
    }

    private mutating func descends() -> Bool { Int.random(in: 0..<5, using: &random) > 0 }

    private mutating func rearrange<Element>(_ elements: inout [Element], _ index: Int) {
        let other = Int.random(in: 0..<elements.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: elements.remove(at: index)
        case 1: elements.insert(elements[index], at: other)
        case 2: elements.swapAt(index, other)
        default: elements.removeSubrange(index...)
        }
    }

    private mutating func changed(_ text: String) -> String {
        switch Int.random(in: 0..<5, using: &random) {
        case 0: ""
        case 1: text + text
        case 2: String(text.dropLast())
        case 3: String(text.reversed())
        default:
            text + (["\0", " ", "\u{FFFD}", "é", "\u{200D}"].randomElement(using: &random) ?? "")
        }
    }

    private mutating func strange() -> JSONValue {
        let bits = Self.boundaries.randomElement(using: &random) ?? 0
        return switch Int.random(in: 0..<9, using: &random) {
        case 0: .null
        case 1: .bool(Bool.random(using: &random))
        case 2: .integer(Int(truncatingIfNeeded: bits))
        case 3: .number(1e300)
        case 4: .number(-0.5)
        case 5: .string("")
        case 6: .array([])
        case 7: .object([])
        default: (0..<100).reduce(JSONValue.array([])) { inner, _ in .array([inner]) }
        }
    }
}
