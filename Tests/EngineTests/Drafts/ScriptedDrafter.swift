import QuireEngine
import QuireIdentifiers

/// Proposes what it knows to come, or something else.
struct ScriptedDrafter: TokenDrafter {
    /// Prompts with their answers.
    var scripts: [[TokenID]]
    /// Of each proposal, how many tokens are right; the rest are wrong.
    var right: Int
    var count = 5

    mutating func draft(after tokens: [TokenID], atMost most: Int) -> [TokenID] {
        guard
            let script = scripts.first(where: { $0.count > tokens.count && $0.starts(with: tokens) }
            )
        else { return [] }
        return script.dropFirst(tokens.count).prefix(min(count, most)).enumerated().map {
            $0 < right ? $1 : TokenID(($1.rawValue + 1) % 26)
        }
    }
}

/// Requires a text, and lets nothing follow.
struct ForcedText: TokenConstraint {
    let text: [TokenID]
    private(set) var done = 0

    init(_ text: [TokenID]) { self.text = text }

    var isComplete: Bool { done == text.count }

    func mask(_ allowed: inout TokenMask) {
        if isComplete { allowed.removeAll() } else { allowed.keep(text[done]) }
    }

    mutating func advance(_ token: TokenID) {
        precondition(token == text[done], "a token came that was ruled out")
        done += 1
    }
}

/// Requires that each token is another one than the one before, and lets the answer end after a
/// number of them.
struct NeverTwice: TokenConstraint {
    var last: TokenID?
    var least: Int
    private var taken = 0

    init(least: Int) { self.least = least }

    var isComplete: Bool { taken >= least }

    func mask(_ allowed: inout TokenMask) { if let last { allowed.remove(last) } }

    mutating func advance(_ token: TokenID) {
        precondition(token != last, "a token came that was ruled out")
        last = token
        taken += 1
    }
}
