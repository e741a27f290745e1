/// What a tier keeps: one block of one cache group.
///
/// A block of a prefix is named by its node in the prefix index, which the tier keeps alive and
/// which stands for exactly one sequence of tokens, so a tier never has to compare tokens. A block
/// that one request alone can use (a partly filled one, or any if prefix caching is off) has a
/// number of its own.
package struct TierKey: Hashable, Sendable {
    /// The number of the prefix node, or a number that only one request knows.
    package let number: UInt64

    /// The cache group.
    package let group: UInt32

    /// Whether only the request that stored it can ask for it.
    package let isPrivate: Bool

    /// Names a block of a prefix node.
    package init(node number: UInt64, group: Int) {
        self.number = number
        self.group = UInt32(group)
        isPrivate = false
    }

    /// Names a block that only one request can use.
    init(private number: UInt64, group: Int) {
        self.number = number
        self.group = UInt32(group)
        isPrivate = true
    }
}

/// What a tier knows about a key.
package enum TierLookup: Hashable, Sendable {
    /// It does not have the block.
    case miss
    /// It has a slot for the block that is being written.
    case hitPending
    /// It has the block.
    case hit
}

/// How a tier chooses what to forget.
package enum TierPolicy: String, Hashable, Sendable, CaseIterable {
    /// The block that was used the longest ago.
    case lru
    /// Balances blocks that were used once against those that were used again, by what it
    /// regrets to have forgotten (Megiddo and Modha, "ARC", FAST 2003).
    case arc
}
