package import QuireIdentifiers

/// What the text of an answer must be: a grammar, a schema, a text that is given.
///
/// A value: a copy goes its own way. The branches of a request each have one, and looking ahead is
/// done with a copy, so that taking tokens back is going on with the value from before.
///
/// ```
/// mask     which tokens may come next?            before each token
/// advance  this one came                          after each token but those that end the answer
/// complete may the answer end here?
/// ```
package protocol TokenConstraint: Hashable, Sendable {
    /// Rules out of a mask the tokens that may not come next. The tokens that end an answer are
    /// not its business.
    func mask(_ allowed: inout TokenMask)

    /// Takes note of a token that came.
    mutating func advance(_ token: TokenID)

    /// Whether the answer may end here. Until then the tokens that end it are ruled out; and where
    /// it may end and nothing may follow, it does.
    var isComplete: Bool { get }
}

/// A constraint among the rules of an answer.
struct ConstraintRule: Hashable {
    private(set) var constraint: any TokenConstraint

    /// The tokens that end the answer.
    private let ends: Set<TokenID>

    init(_ constraint: any TokenConstraint, ends: Set<TokenID>) {
        self.constraint = constraint
        self.ends = ends
    }

    static func == (left: ConstraintRule, right: ConstraintRule) -> Bool {
        left.ends == right.ends
            && AnyHashable(left.constraint) == AnyHashable(right.constraint)
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(ends)
        constraint.hash(into: &hasher)
    }

    mutating func take(_ token: TokenID) {
        if !ends.contains(token) { constraint.advance(token) }
    }

    /// Whether the text is whole and nothing may follow it.
    func isOver(vocabularySize: Int) -> Bool {
        guard constraint.isComplete else { return false }
        var mask = TokenMask(count: vocabularySize)
        constraint.mask(&mask)
        for token in ends { mask.remove(token) }
        return mask.isEmpty
    }

    /// Rules tokens out of a row of logits.
    ///
    /// - Parameter mask: memory to work in.
    func apply(to row: inout [Float], mask: inout TokenMask) {
        mask.reset(count: row.count)
        constraint.mask(&mask)
        let mayEnd = constraint.isComplete
        for token in ends where Int(token.rawValue) < row.count && !mayEnd { mask.remove(token) }
        guard mayEnd else { return mask.apply(to: &row) }
        // An end keeps its logit, whatever the constraint thinks of it.
        var logits: [(token: Int, logit: Float)] = []
        for token in ends where Int(token.rawValue) < row.count {
            logits.append((Int(token.rawValue), row[Int(token.rawValue)]))
        }
        mask.apply(to: &row)
        for entry in logits { row[entry.token] = entry.logit }
    }
}
