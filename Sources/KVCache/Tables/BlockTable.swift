/// The blocks of one sequence in one cache group, by position.
///
/// Entry `e` holds the tokens at positions `e * blockSize ..< (e + 1) * blockSize`. Entries that a
/// sliding window has left are the null block; they are always a prefix.
package struct BlockTable: Hashable, Sendable {
    /// The entries; the first `released` of them are the null block.
    package var blocks: [BlockID] = []

    /// How many leading entries went back to the pool.
    package var released = 0

    /// An empty table.
    package init() {}

    /// Blocks that the table holds.
    @inlinable package var liveCount: Int { blocks.count - released }
}
