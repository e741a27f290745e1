/// The free blocks of a pool in the order in which they will be handed out.
///
/// A doubly linked list whose links lie in two flat arrays, so that any block is unlinked in O(1)
/// and 8 bytes a block are the whole cost. The list is circular and the null block, which is never
/// free, is its head: `next[0]` is the first free block and `previous[0]` the last.
///
/// ```
///        +--------------------------------------+
///        v                                      |
///   [null 0] <-> [first] <-> ... <-> [last] <---+
/// ```
///
/// Not a `Collection`: walking it costs a cache miss a step, and nothing on the token path does.
package struct FreeBlockList: Sendable {
    /// The link of a block that is in no list.
    static let unlinked = UInt32.max

    private(set) var previous: [UInt32]
    private(set) var next: [UInt32]

    /// How many blocks are free.
    package private(set) var count = 0

    /// A list over the blocks `1..<blockCount`, none of which is free yet.
    package init(blockCount: Int) {
        precondition(blockCount >= 1, "a pool has at least the null block")
        previous = Array(repeating: Self.unlinked, count: blockCount)
        next = previous
        previous[0] = 0
        next[0] = 0
    }

    /// The block that will be handed out next.
    package var first: BlockID? { count == 0 ? nil : BlockID(next[0]) }

    /// The block that will be handed out last.
    package var last: BlockID? { count == 0 ? nil : BlockID(previous[0]) }

    /// The block that will be handed out after another one of the list; nil for the last. O(1).
    package func block(after block: BlockID) -> BlockID? {
        precondition(contains(block), "block \(block) is not in the free list")
        let following = next[block.index]
        return following == 0 ? nil : BlockID(following)
    }

    /// Whether the block is in the list.
    package func contains(_ block: BlockID) -> Bool {
        block != .null && next[block.index] != Self.unlinked
    }

    /// Unlinks and returns the first block; nil when there is none.
    package mutating func popFirst() -> BlockID? {
        guard let block = first else { return nil }
        remove(block)
        return block
    }

    /// Unlinks a block from wherever it is. O(1).
    package mutating func remove(_ block: BlockID) {
        precondition(contains(block), "block \(block) is not in the free list")
        let before = previous[block.index]
        let after = next[block.index]
        next[Int(before)] = after
        previous[Int(after)] = before
        previous[block.index] = Self.unlinked
        next[block.index] = Self.unlinked
        count -= 1
    }

    /// Links a block at the end: it will be handed out last.
    package mutating func append(_ block: BlockID) {
        insert(block, before: .null)
    }

    /// Links blocks at the end, in their order.
    package mutating func append(contentsOf blocks: some Sequence<BlockID>) {
        for block in blocks { append(block) }
    }

    /// Links blocks at the front, in their order: `blocks[0]` will be handed out next.
    package mutating func prepend(contentsOf blocks: some Sequence<BlockID>) {
        let oldFirst = first ?? .null
        for block in blocks { insert(block, before: oldFirst) }
    }

    /// Links a block before another one, or at the end when that is the null block. O(1).
    package mutating func insert(_ block: BlockID, before: BlockID) {
        precondition(block != .null, "the null block is never free")
        precondition(!contains(block), "block \(block) is free already")
        precondition(before == .null || contains(before), "block \(before) is not in the list")
        let preceding = previous[before.index]
        previous[block.index] = preceding
        next[block.index] = before.rawValue
        next[Int(preceding)] = block.rawValue
        previous[before.index] = block.rawValue
        count += 1
    }
}

extension FreeBlockList {
    /// Links a block after another one, or at the front when that is the null block. O(1).
    package mutating func insert(_ block: BlockID, after: BlockID) {
        precondition(after == .null || contains(after), "block \(after) is not in the list")
        insert(block, before: BlockID(next[after.index]))
    }

    /// The free blocks in order. O(n): for tests and invariants.
    package var blocks: [BlockID] {
        var result: [BlockID] = []
        result.reserveCapacity(count)
        var cursor = next[0]
        while cursor != 0, result.count <= count {
            result.append(BlockID(cursor))
            cursor = next[Int(cursor)]
        }
        return result
    }

    /// Traps unless the links form one circle of `count` blocks, the same in both directions.
    package func checkInvariants() {
        var forward = 0
        var cursor = 0
        repeat {
            let after = next[cursor]
            precondition(after != Self.unlinked, "the free list leads out of itself at \(cursor)")
            precondition(Int(previous[Int(after)]) == cursor, "links disagree at \(cursor)")
            cursor = Int(after)
            forward += 1
            precondition(forward <= count + 1, "the free list is longer than its count")
        } while cursor != 0
        precondition(forward == count + 1, "the free list is shorter than its count")
        let linked = next.indices.count { next[$0] != Self.unlinked } - 1
        precondition(linked == count, "a block is linked outside the free list")
    }
}
