/// The block tables of one sequence: one for each cache group of the plan.
///
/// All tables have the same number of entries, since every group keeps every token at first; they
/// differ in how many leading entries have gone back to the pool.
///
/// A value that must be given back: `PagedCache.release(_:)` before it is dropped. The cache
/// counts what it has handed out, so a table that is forgotten shows as blocks that stay used.
package struct SequenceBlocks: Hashable, Sendable {
    /// One table for each group, in the plan's order.
    package var tables: [BlockTable]

    /// Leading entries that are registered in the prefix index, or were when they left a window.
    package internal(set) var committed = 0

    /// The node of the last of them, which the sequence keeps alive.
    var tip = PrefixNode.none

    /// The cache's count of failed steps when the sequence last committed: while it is the same,
    /// what is committed needs no second look.
    var epoch: UInt64 = 0

    /// What its blocks are kept for; nil leaves the priorities as they are.
    var retention: RetentionPlan?

    /// Tables without blocks.
    package init(groups: Int) {
        tables = Array(repeating: BlockTable(), count: groups)
    }

    /// Entries of every table.
    package var entryCount: Int { tables.first?.blocks.count ?? 0 }

    /// Blocks held, all groups together.
    @inlinable package var liveCount: Int { tables.reduce(0) { $0 + $1.liveCount } }
}
