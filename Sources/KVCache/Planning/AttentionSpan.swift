/// How far back a layer's queries see.
package enum AttentionSpan: Hashable, Sendable {
    /// All positions up to the query's own.
    case full

    /// The last `n` positions, the query's own included: a query at position `p` sees
    /// `max(0, p + 1 - n)...p`.
    case slidingWindow(Int)

    /// The first position that a query at `position` sees.
    @inlinable
    package func firstVisible(from position: Int) -> Int {
        switch self {
        case .full: 0
        case .slidingWindow(let window): max(0, position + 1 - window)
        }
    }
}
