/// The block tables of one sequence: one for each cache group of the plan.
///
/// All tables have the same number of entries, since every group keeps every token at first; they
/// differ in how many leading entries have gone back to the pool.
///
/// A value that must be given back: `PagedCache.release(_:)` before it is dropped. The cache
/// counts what it has handed out, so a table that is forgotten shows as blocks that stay used.
public struct SequenceBlocks: Hashable, Sendable {
    /// One table for each group, in the plan's order.
    public package(set) var tables: [BlockTable]

    /// Leading entries that are registered in the prefix index, or were when they left a window.
    public internal(set) var committed = 0

    /// The node of the last of them, which the sequence keeps alive.
    var tip = PrefixNode.none

    /// The cache's count of failed steps when the sequence last committed: while it is the same,
    /// what is committed needs no second look.
    var epoch: UInt64 = 0

    /// What its blocks are kept for; nil leaves the priorities as they are.
    var retention: RetentionPlan?

    /// Tables without blocks.
    public init(groups: Int) {
        tables = Array(repeating: BlockTable(), count: groups)
    }

    /// Entries of every table.
    public var entryCount: Int { tables.first?.blocks.count ?? 0 }

    /// Blocks held, all groups together.
    public var liveCount: Int { tables.reduce(0) { $0 + $1.liveCount } }
}
