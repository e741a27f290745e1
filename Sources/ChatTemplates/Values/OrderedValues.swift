/// A dictionary that keeps the order in which its keys came, as Python's does.
struct OrderedValues {
    private(set) var entries: [(key: Value, value: Value)] = []
    private var places: [HashedValue: Int] = [:]

    /// How deep values are nested in it.
    private(set) var depth = 1

    var count: Int { entries.count }
    var isEmpty: Bool { entries.isEmpty }
    var keys: [Value] { entries.map(\.key) }
    var values: [Value] { entries.map(\.value) }

    /// The value of a key.
    subscript(key: HashedValue) -> Value? { places[key].map { entries[$0].value } }

    subscript(name: MarkedText) -> Value? { self[.text(name)] }

    /// Sets the value of a key, at its place if it has one.
    mutating func set(_ key: Value, hashed: HashedValue, to value: Value) {
        depth = max(depth, 1 + value.depth, 1 + key.depth)
        if let place = places[hashed] {
            entries[place].value = value
        } else {
            places[hashed] = entries.count
            entries.append((key, value))
        }
    }

    mutating func set(_ name: MarkedText, to value: Value) {
        set(.text(name), hashed: .text(name), to: value)
    }

    /// The elements that a view of a part has.
    func part(_ part: DictionaryPart) -> [Value] {
        switch part {
        case .keys: keys
        case .values: values
        case .items: entries.map { .tuple(Elements([$0.key, $0.value])) }
        }
    }
}

/// A value as the key of a dictionary: `1`, `1.0` and `true` are one key.
enum HashedValue: Hashable {
    case none
    case undefined
    case number(Double)
    case integer(Int)
    case text(MarkedText)
    case tuple([HashedValue])

    /// Nil for what Python cannot hash.
    init?(_ value: Value, depth: Int = 0) {
        switch value {
        case .none: self = .none
        case .undefined: self = .undefined
        case .bool(let value): self = .integer(value ? 1 : 0)
        case .integer(let value): self = .integer(value)
        case .float(let value): self = Int(exactly: value).map { .integer($0) } ?? .number(value)
        case .text(let text): self = .text(text)
        case .tuple(let elements):
            guard depth < TemplateLimits.valueDepth else { return nil }
            var hashed: [HashedValue] = []
            for element in elements.items {
                guard let part = HashedValue(element, depth: depth + 1) else { return nil }
                hashed.append(part)
            }
            self = .tuple(hashed)
        default: return nil
        }
    }
}
