import QuireIdentifiers
import Testing

@testable import KVCache

/// Sequences that share blocks and write on.
@Suite struct `Forked sequences` {
    @Test func `share everything until one writes`() throws {
        var cache = try makeCache([.full], blockSize: 4, blocks: 21, length: 16)
        var first = try cache.start(tokens(0..<6))
        var second = first
        second.blocks = cache.fork(first.blocks)
        #expect(second.ids() == [1, 2])
        #expect(cache.pool.usedCount == 2)
        #expect(cache.blocksToGrow(first.blocks, tokens: 7, from: 6) == 1)
        #expect(cache.blocksToGrow(first.blocks, tokens: 9, from: 6) == 2)

        #expect(cache.grow(&first.blocks, tokens: 7, from: 6))
        #expect(first.ids() == [1, 3])
        var transfers: [BlockTransfer] = []
        cache.takeTransfers(into: &transfers)
        #expect(transfers == [.copy(from: 2, to: 3)])
        cache.settle()
        #expect(cache.pool.referenceCount(of: 2) == 1)
        #expect(cache.grow(&second.blocks, tokens: 7, from: 6))
        #expect(second.ids() == [1, 2], "the last holder writes in place")
        cache.checkInvariants(sequences: [first.blocks, second.blocks])

        // The shared full block is registered once, the halves twice.
        first.tokens += [50, 51]
        second.tokens += [60, 61]
        first.commit(in: &cache, upTo: 8)
        second.commit(in: &cache, upTo: 8)
        #expect(cache.index.blockCount == 3)
        cache.stop(&first)
        cache.stop(&second)
        #expect(cache.gauges.cached == 3)
        cache.checkInvariants(sequences: [])
    }

    @Test func `a copy that does not fit changes nothing`() throws {
        var cache = try makeCache([.full], blockSize: 4, blocks: 3, length: 8)
        var first = try cache.start(tokens(0..<6))
        let second = cache.fork(first.blocks)
        let before = first.blocks
        #expect(!cache.grow(&first.blocks, tokens: 7, from: 6))
        #expect(first.blocks == before)
        cache.checkInvariants(sequences: [first.blocks, second])
    }

    @Test func `blocks ahead are not copied but replaced`() throws {
        var cache = try makeCache([.full], blockSize: 4, blocks: 9, length: 16)
        var first = try cache.start(tokens(0..<4))
        #expect(cache.grow(&first.blocks, tokens: 12))
        let second = cache.fork(first.blocks)
        #expect(cache.grow(&first.blocks, tokens: 12, from: 4))
        #expect(first.ids() == [1, 4, 5])
        var transfers: [BlockTransfer] = []
        cache.takeTransfers(into: &transfers)
        #expect(transfers == [])
        cache.checkInvariants(sequences: [first.blocks, second])
    }

    @Test func `a sequence can be cut back`() throws {
        var cache = try makeCache([.full], blockSize: 4, blocks: 9, length: 16)
        var running = try cache.start(tokens(0..<14))
        cache.truncate(&running.blocks, tokens: 7)
        #expect(running.ids() == [1, 2])
        #expect(running.blocks.committed == 2)
        #expect(cache.gauges == CacheGauges(used: 2, cached: 1, free: 5))
        cache.checkInvariants(sequences: [running.blocks])
        cache.truncate(&running.blocks, tokens: 0)
        #expect(cache.gauges.used == 0)
        cache.checkInvariants(sequences: [running.blocks])
    }

    @Test func `decoding allocates no memory for tables and keys`() throws {
        var cache = try makeCache([.full], blockSize: 4, blocks: 101, length: 16)
        var running = Running(
            tokens: tokens(0..<4), keys: PrefixKeys(), blocks: cache.makeSequence(reserving: 200))
        running.keys.reserveCapacity(blocks: 50)
        let capacity = (running.blocks.tables[0].blocks.capacity, running.keys.keys.capacity)
        #expect(capacity.0 >= 50)
        for token in 4..<200 as Range<UInt32> {
            #expect(cache.append([TokenID(token)], to: &running))
        }
        #expect(running.blocks.committed == 50)
        #expect(running.blocks.tables[0].blocks.capacity == capacity.0)
        #expect(running.keys.keys.capacity == capacity.1)
        let other = cache.fork(running.blocks)
        #expect(other.tables[0].blocks.capacity >= capacity.0)
    }
}
