/// A value of a running template, with the semantics of Python's.
enum Value {
    case undefined(Undefined)
    case none
    case bool(Bool)
    case integer(Int)
    case float(Double)
    case text(MarkedText)
    case list(Elements)
    case tuple(Elements)
    case dictionary(OrderedValues)
    indirect case range(RangeValue)
    /// `d.keys()`, `d.values()`, `d.items()`
    indirect case view(OrderedValues, DictionaryPart)
    /// What can be iterated over once: the results of `map`, `select`, `items`, ...
    case iterator(ItemIterator)
    case namespace(Namespace)
    case loop(LoopState)
    case joiner(Joiner)
    case cycler(Cycler)
    indirect case function(Callable)

    static func text(own text: String) -> Value { .text(MarkedText(own: text)) }
}

/// The elements of a list or a tuple, and how deep values are nested in it: that is bounded,
/// since values are compared, written and freed recursively.
struct Elements {
    let items: [Value]
    let depth: Int

    init(_ items: [Value]) {
        self.items = items
        depth = 1 + Value.depth(of: items)
    }

    var count: Int { items.count }
    var isEmpty: Bool { items.isEmpty }
}

/// The absence of a value: it prints as nothing, is false and empty, and fails in all else.
struct Undefined {
    /// What the failure says.
    let message: String

    static func name(_ name: String) -> Value {
        .undefined(Undefined(message: "'\(name)' is undefined"))
    }

    var error: TemplateError { TemplateError(.undefined, message) }
}

/// Which part of a dictionary a view shows.
enum DictionaryPart: String {
    case keys, values, items
}

/// What can be called.
enum Callable {
    case macro(Macro)
    case builtin(String)
    case method(Value, String)
}

/// A macro and the names around its definition.
final class Macro {
    let definition: MacroDefinition
    let scope: Scope

    init(_ definition: MacroDefinition, _ scope: Scope) {
        self.definition = definition
        self.scope = scope
    }
}

/// Items that are gone once they were read.
final class ItemIterator {
    private var items: ArraySlice<Value>
    let depth: Int

    init(_ items: [Value]) {
        self.items = items[...]
        depth = 1 + Value.depth(of: items)
    }

    /// All that are left; none after that.
    func take() -> [Value] {
        defer { items = [] }
        return Array(items)
    }

    /// The first that is left.
    func next() -> Value? { items.popFirst() }
}

/// `namespace()`: the one value whose attributes can be set.
final class Namespace {
    var values: OrderedValues

    init(_ values: OrderedValues) { self.values = values }
}

/// `joiner()`: a separator from the second call on.
final class Joiner {
    let separator: Value
    var wasCalled = false

    init(_ separator: Value) { self.separator = separator }
}

/// `cycler()`: its values in turns.
final class Cycler {
    let items: Elements
    var index = 0

    init(_ items: Elements) { self.items = items }
}

/// Python's `range`.
struct RangeValue {
    let start: Int
    let stop: Int
    let step: Int
    let count: Int

    /// Nil for a step of 0.
    init?(start: Int, stop: Int, step: Int) {
        guard step != 0 else { return nil }
        self.start = start
        self.stop = stop
        self.step = step
        let (low, high) = step > 0 ? (start, stop) : (stop, start)
        guard low < high else {
            count = 0
            return
        }
        let distance = high.subtractingReportingOverflow(low)
        guard !distance.overflow else {
            count = .max
            return
        }
        let width = step.magnitude
        count = Int((UInt(distance.partialValue) - 1) / width) + 1
    }

    subscript(index: Int) -> Int { start &+ index &* step }
}
