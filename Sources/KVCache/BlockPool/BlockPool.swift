/// Which blocks of the KV arena are in use: reference counts and the free list.
///
/// Structure of arrays: 12 bytes a block (a reference count and two links). Block 0 is the null
/// block, never allocated. Every other block is either free (reference count 0, in the free list)
/// or used (reference count above 0, in no list), so at any moment
/// `freeCount + usedCount + 1 == blockCount`.
///
/// It hands out numbers and knows no bytes: the arena that they index belongs to the executor.
///
/// The order of the free list is the order in which blocks are given up. A freed block that holds
/// nothing reusable goes to the *front*: what was used last is still in the processor's caches,
/// so it is the cheapest to write next. One that can be hit goes to the *back* (`PagedCache`).
package struct BlockPool: Sendable {
    var referenceCounts: [UInt32]
    package internal(set) var free: FreeBlockList

    /// A pool of blocks `0..<blockCount`, of which block 0 is the null block and the others are
    /// free, in ascending order.
    ///
    /// - Complexity: O(`blockCount`).
    package init(blockCount: Int) {
        precondition(
            blockCount >= 1 && blockCount <= KVCacheLimits.maxBlocks,
            "a pool has between 1 and \(KVCacheLimits.maxBlocks) blocks")
        referenceCounts = Array(repeating: 0, count: blockCount)
        free = FreeBlockList(blockCount: blockCount)
        free.append(contentsOf: (1..<UInt32(blockCount)).lazy.map { BlockID($0) })
    }

    /// All blocks, the null block included.
    package var blockCount: Int { referenceCounts.count }

    /// The blocks that can be allocated: all but the null block.
    package var capacity: Int { blockCount - 1 }

    /// Number of blocks with reference count 0, cached ones included.
    package var freeCount: Int { free.count }

    /// Number of blocks with a reference count above 0.
    package var usedCount: Int { capacity - free.count }

    /// How many hold the block; 0 for a free block and for the null block.
    package func referenceCount(of block: BlockID) -> Int {
        Int(referenceCounts[block.index])
    }

    /// Takes `count` free blocks, each with a reference count of 1, and appends them to `blocks`.
    ///
    /// All or nothing: when fewer are free, the answer is false and nothing has changed.
    ///
    /// - Complexity: O(`count`).
    package mutating func allocate(_ count: Int, into blocks: inout [BlockID]) -> Bool {
        precondition(count >= 0, "a negative number of blocks")
        guard count <= free.count else { return false }
        for _ in 0..<count {
            guard let block = free.popFirst() else {
                preconditionFailure("the free list is shorter than its count")
            }
            precondition(referenceCounts[block.index] == 0, "free block \(block) is held")
            referenceCounts[block.index] = 1
            blocks.append(block)
        }
        return true
    }

    /// Adds a holder to a block that is in use. O(1).
    package mutating func retain(_ block: BlockID) {
        precondition(referenceCounts[block.index] > 0, "block \(block) is free: nothing to share")
        referenceCounts[block.index] += 1
    }

    /// Takes one reference from each block; null blocks are skipped.
    ///
    /// Blocks without references are free again, `blocks.first` the next to be handed out. A
    /// sequence gives its blocks in reverse order, so that its tail is taken before its head.
    ///
    /// - Complexity: O(number of blocks).
    package mutating func release(_ blocks: some Sequence<BlockID>) {
        var last = BlockID.null
        for block in blocks where block != .null && drop(block) {
            free.insert(block, after: last)
            last = block
        }
    }
}

extension BlockPool {
    /// Takes one more hold of a block, out of the free list if it is there; true if it was. O(1).
    mutating func claim(_ block: BlockID) -> Bool {
        referenceCounts[block.index] += 1
        guard referenceCounts[block.index] == 1 else { return false }
        free.remove(block)
        return true
    }

    /// Gives one hold back; true if it was the last, and the block must then be linked into the
    /// free list. O(1).
    mutating func drop(_ block: BlockID) -> Bool {
        precondition(referenceCounts[block.index] > 0, "block \(block) is freed twice")
        referenceCounts[block.index] -= 1
        return referenceCounts[block.index] == 0
    }
}
