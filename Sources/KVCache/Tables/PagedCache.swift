/// The block pool under a plan: grows, trims and frees the tables of sequences.
///
/// Pure bookkeeping: it decides which block holds which tokens, and knows no bytes. A value type,
/// so that a test may copy a state and try every continuation.
public struct PagedCache: Sendable {
    /// The layout.
    public let plan: KVPlan

    /// The blocks.
    public package(set) var pool: BlockPool

    /// How it reuses what it holds.
    public let configuration: CacheConfiguration

    /// A cache in which every block is free.
    public init(plan: KVPlan, configuration: CacheConfiguration = CacheConfiguration()) {
        self.plan = plan
        self.configuration = configuration
        pool = BlockPool(blockCount: plan.blockCount)
    }

    /// Tables without blocks for a new sequence.
    ///
    /// - Parameters:
    ///   - tokens: makes room in the tables, so that growing to so many allocates no memory.
    ///   - retention: what its blocks are kept for under the `priority` policy.
    public func makeSequence(
        reserving tokens: Int = 0, retention: RetentionPlan? = nil
    ) -> SequenceBlocks {
        var sequence = SequenceBlocks(groups: plan.groups.count)
        sequence.retention = retention
        let entries = ceilDivide(max(0, tokens), plan.blockSize)
        for group in sequence.tables.indices where entries > 0 {
            sequence.tables[group].blocks.reserveCapacity(entries)
        }
        return sequence
    }

    /// Blocks that must be allocated before a sequence can hold `tokens` tokens.
    ///
    /// - Parameter computed: the position from which it will write; shared blocks from there on
    ///   are counted, since they will be copied. Nil when it shares none.
    public func blocksToGrow(
        _ sequence: SequenceBlocks, tokens: Int, from computed: Int? = nil
    ) -> Int {
        max(0, ceilDivide(tokens, plan.blockSize) - sequence.entryCount) * sequence.tables.count
    }

    /// Extends a sequence's tables so that they hold `tokens` tokens.
    ///
    /// A shared block from position `computed` on is copied, since it will be written. Nil when the
    /// sequence shares none.
    ///
    /// All or nothing: when the pool has too few free blocks for all groups together, the answer
    /// is false and nothing has changed.
    ///
    /// - Complexity: O(blocks allocated).
    public mutating func grow(
        _ sequence: inout SequenceBlocks, tokens: Int, from computed: Int? = nil
    ) -> Bool {
        let each = max(0, ceilDivide(tokens, plan.blockSize) - sequence.entryCount)
        guard each * sequence.tables.count <= pool.freeCount else { return false }
        guard each > 0 else { return true }
        for group in sequence.tables.indices {
            let done = pool.allocate(each, into: &sequence.tables[group].blocks)
            precondition(done, "the pool gave less than it had")
        }
        return true
    }

    /// Returns the blocks that no query from position `computed` on sees any more, and puts the
    /// null block in their place.
    ///
    /// The next query stands at `computed` and sees `window - 1` positions before it, so all below
    /// `computed + 1 - window` are out of every later query's sight. They go back in reverse
    /// order, as a whole sequence's blocks do.
    ///
    /// - Complexity: O(groups + blocks returned).
    public mutating func trim(_ sequence: inout SequenceBlocks, computed: Int) {
        for (index, group) in plan.groups.enumerated() {
            let unseen = group.span.firstVisible(from: computed) / plan.blockSize
            let start = sequence.tables[index].released
            let end = min(unseen, sequence.tables[index].blocks.count)
            guard end > start else { continue }
            pool.release(sequence.tables[index].blocks[start..<end].reversed())
            for entry in start..<end { sequence.tables[index].blocks[entry] = .null }
            sequence.tables[index].released = end
        }
    }

    /// Returns all of a sequence's blocks, tail first, and leaves its tables empty.
    ///
    /// - Complexity: O(blocks).
    public mutating func release(_ sequence: inout SequenceBlocks) {
        for index in sequence.tables.indices {
            pool.release(sequence.tables[index].blocks.reversed())
            sequence.tables[index] = BlockTable()
        }
    }
}

extension PagedCache {
    /// Traps unless the pool is sound and the given sequences hold exactly its used blocks.
    ///
    /// - Parameter sequences: all the sequences of this cache.
    /// - Complexity: O(blocks): for tests.
    public func checkInvariants(sequences: some Sequence<SequenceBlocks>) {
        pool.checkInvariants()
        var holders: [Int] = Array(repeating: 0, count: pool.blockCount)
        for sequence in sequences {
            precondition(sequence.tables.count == plan.groups.count, "one table for each group")
            for table in sequence.tables {
                precondition(table.blocks.count == sequence.entryCount, "tables differ in length")
                for (entry, block) in table.blocks.enumerated() {
                    precondition((block == .null) == (entry < table.released), "a stray null block")
                    if block != .null { holders[Int(block.rawValue)] += 1 }
                }
            }
        }
        for index in 1..<UInt32(max(1, pool.blockCount)) {
            let block = BlockID(index)
            precondition(
                holders[Int(index)] == pool.referenceCount(of: block),
                "block \(block) has \(pool.referenceCount(of: block)) references "
                    + "and \(holders[Int(index)]) holders")
        }
    }
}
