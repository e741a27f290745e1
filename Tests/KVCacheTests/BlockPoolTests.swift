import KVCache
import TestSupport
import Testing

@Suite struct `The block pool` {
    /// A1
    @Test func `a new block has no holder and block 0 is never free`() {
        let pool = BlockPool(blockCount: 5)
        #expect(pool.capacity == 4)
        #expect(pool.freeCount == 4)
        #expect(pool.usedCount == 0)
        for index in 0..<5 { #expect(pool.referenceCount(of: BlockID(UInt32(index))) == 0) }
        #expect(pool.free.blocks == [1, 2, 3, 4])
        pool.checkInvariants()
    }

    @Test func `blocks are handed out in ascending order at first`() {
        var pool = BlockPool(blockCount: 6)
        var blocks: [BlockID] = []
        #expect(pool.allocate(0, into: &blocks))
        #expect(blocks == [])
        #expect(pool.allocate(3, into: &blocks))
        #expect(blocks == [1, 2, 3])
        #expect(pool.usedCount == 3)
        #expect(pool.referenceCount(of: 2) == 1)
    }

    @Test func `an allocation that does not fit changes nothing`() {
        var pool = BlockPool(blockCount: 4)
        var blocks: [BlockID] = []
        #expect(pool.allocate(1, into: &blocks))
        let before = (pool.free.blocks, blocks)
        #expect(!pool.allocate(3, into: &blocks))
        #expect(pool.free.blocks == before.0)
        #expect(blocks == before.1)
        #expect(pool.allocate(2, into: &blocks))
        #expect(!pool.allocate(1, into: &blocks))
        pool.checkInvariants()
    }

    @Test func `freed blocks are handed out next, in the order in which they were freed`() {
        var pool = BlockPool(blockCount: 11)
        var first: [BlockID] = []
        var second: [BlockID] = []
        _ = pool.allocate(4, into: &first)
        _ = pool.allocate(1, into: &second)
        pool.release(first.reversed())
        pool.release(second)
        #expect(pool.free.blocks == [5, 4, 3, 2, 1, 6, 7, 8, 9, 10])
        pool.checkInvariants()
    }

    @Test func `a shared block is free when its last holder lets go`() {
        var pool = BlockPool(blockCount: 3)
        var blocks: [BlockID] = []
        _ = pool.allocate(1, into: &blocks)
        pool.retain(1)
        #expect(pool.referenceCount(of: 1) == 2)
        pool.release(blocks)
        #expect(pool.freeCount == 1)
        pool.release(blocks)
        #expect(pool.freeCount == 2)
        #expect(pool.referenceCount(of: 1) == 0)
    }

    @Test func `null blocks are passed over`() {
        var pool = BlockPool(blockCount: 3)
        var blocks: [BlockID] = []
        _ = pool.allocate(1, into: &blocks)
        pool.release([.null, 1, .null])
        #expect(pool.freeCount == 2)
        pool.checkInvariants()
    }

    @Test func `freeing a free block traps`() async {
        await #expect(processExitsWith: .failure) {
            var pool = BlockPool(blockCount: 3)
            pool.release([1])
        }
    }

    @Test func `sharing a free block traps`() async {
        await #expect(processExitsWith: .failure) {
            var pool = BlockPool(blockCount: 3)
            pool.retain(1)
        }
    }

    @Test func `a walk of 20,000 steps loses no block`() {
        var random = SeededGenerator(seed: 0x5EED)
        var pool = BlockPool(blockCount: 40)
        var held: [[BlockID]] = []
        for _ in 0..<20_000 {
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<5:
                let count = Int.random(in: 0...6, using: &random)
                let free = pool.freeCount
                var blocks: [BlockID] = []
                let done = pool.allocate(count, into: &blocks)
                #expect(done == (count <= free))
                #expect(pool.freeCount == (done ? free - count : free))
                if done { held.append(blocks) }
            case 5..<6:
                guard let shared = held.randomElement(using: &random) else { break }
                for block in shared { pool.retain(block) }
                held.append(shared)
            default:
                guard !held.isEmpty else { break }
                let index = Int.random(in: 0..<held.count, using: &random)
                pool.release(held.swapAt(index).reversed())
            }
            pool.checkInvariants()
            var counts = Array(repeating: 0, count: pool.blockCount)
            for block in held.joined() { counts[Int(block.rawValue)] += 1 }
            let differ = counts.indices.contains {
                counts[$0] != pool.referenceCount(of: BlockID(UInt32($0)))
            }
            #expect(!differ)
        }
        for blocks in held { pool.release(blocks) }
        #expect(pool.freeCount == pool.capacity)
    }
}

extension Array {
    /// Removes an element in O(1), for which the last one takes its place.
    fileprivate mutating func swapAt(_ index: Int) -> Element {
        swapAt(index, count - 1)
        return removeLast()
    }
}
