package import ChatTemplates

/// Gives the calls of a conversation ids of their own, and results the calls that they answer.
///
/// Clients of weak models send the same id in every turn, or none: a result answers the earliest
/// call of its id that has none, and a result without an id the earliest of all.
///
/// - Complexity: O(calls and results) for a conversation, whatever the ids.
package struct CallLedger {
    private var calls: [ToolCall] = []
    private var isAnswered: [Bool] = []
    private var taken: Set<String> = []
    private var named: [String: Named] = [:]
    private var firstOpen = 0

    /// The calls that an id of the client stands for.
    private struct Named {
        var places: [Int] = []
        var firstOpen = 0
        var nextSuffix = 2
    }

    /// A ledger of a conversation without calls.
    package init() {}

    /// A call with an id that no call before it has.
    ///
    /// - Parameter id: as the client has it; nil or empty: none.
    package mutating func call(id: String?, name: String, arguments: String) -> ToolCall {
        let given = id ?? ""
        let base = given.isEmpty ? "call_\(calls.count)" : given
        var unique = base
        while !taken.insert(unique).inserted {
            let suffix = named[given, default: Named()].nextSuffix
            named[given, default: Named()].nextSuffix += 1
            unique = "\(base)_\(suffix)"
        }
        named[given, default: Named()].places.append(calls.count)
        let call = ToolCall(id: unique, name: name, arguments: arguments)
        calls.append(call)
        isAnswered.append(false)
        return call
    }

    /// The call that a result answers; nil: none is known.
    ///
    /// - Parameter id: as the client has it; nil or empty: none.
    package mutating func answer(id: String?) -> ToolCall? {
        guard let id, !id.isEmpty else {
            while firstOpen < calls.count, isAnswered[firstOpen] { firstOpen += 1 }
            guard firstOpen < calls.count else { return nil }
            isAnswered[firstOpen] = true
            return calls[firstOpen]
        }
        guard let places = named[id]?.places, var open = named[id]?.firstOpen else { return nil }
        while open < places.count, isAnswered[places[open]] { open += 1 }
        named[id]?.firstOpen = open
        // One result more than there are calls belongs to the last of them.
        let place = places[min(open, places.count - 1)]
        isAnswered[place] = true
        return calls[place]
    }
}
