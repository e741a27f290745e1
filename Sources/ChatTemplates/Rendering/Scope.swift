/// The names that a block of a template sees, its own before those around it.
final class Scope {
    private var values: [String: Value] = [:]
    let parent: Scope?

    init(in parent: Scope?) { self.parent = parent }

    /// The value of a name, in the nearest scope that has one.
    func find(_ name: String) -> Value? {
        var scope: Scope? = self
        while let here = scope {
            if let value = here.values[name] { return value }
            scope = here.parent
        }
        return nil
    }

    /// Sets a name in this scope only, which is why a `set` inside of a loop ends with it.
    func set(_ name: String, to value: Value) { values[name] = value }

    /// Forgets all names, with what refers back to this scope.
    func clear() { values = [:] }
}

/// `loop`: where a loop is.
final class LoopState {
    let items: Elements
    var index = 0
    let depth: Int

    /// What renders the loop anew over other items; nil for one that is not `recursive`.
    let recursion: (loop: Statement.Loop, scope: Scope)?

    /// What `changed` was asked last.
    var lastChanged: [Value]?

    init(_ items: Elements, depth: Int, recursion: (loop: Statement.Loop, scope: Scope)?) {
        self.items = items
        self.depth = depth
        self.recursion = recursion
    }

    /// An attribute; nil for one that `loop` does not have.
    subscript(name: String) -> Value? {
        switch name {
        case "index": .integer(index + 1)
        case "index0": .integer(index)
        case "revindex": .integer(items.count - index)
        case "revindex0": .integer(items.count - index - 1)
        case "first": .bool(index == 0)
        case "last": .bool(index + 1 >= items.count)
        case "length": .integer(items.count)
        case "depth": .integer(depth + 1)
        case "depth0": .integer(depth)
        case "previtem":
            index > 0
                ? items.items[index - 1]
                : .undefined(Undefined(message: "there is no previous item"))
        case "nextitem":
            index + 1 < items.count
                ? items.items[index + 1] : .undefined(Undefined(message: "there is no next item"))
        case "cycle", "changed": .function(.method(.loop(self), name))
        default: nil
        }
    }
}
