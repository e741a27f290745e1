/// The keys of one token sequence's full blocks, so that its tokens are hashed once.
///
/// Belongs to one sequence of one cache: `PagedCache.extend(_:over:)` appends the keys of blocks
/// that have become full since.
package struct PrefixKeys: Hashable, Sendable {
    /// What the sequence may share blocks with.
    package let scope: PrefixScope

    /// The key of each full block that has been hashed, in order.
    package var keys: [BlockKey] = []

    /// No keys yet.
    package init(scope: PrefixScope = .shared) {
        self.scope = scope
    }

    /// Makes room for the keys of `blocks` blocks, so that extending allocates no memory.
    package mutating func reserveCapacity(blocks: Int) {
        keys.reserveCapacity(blocks)
    }
}
