import QuireIdentifiers
import Testing

@testable import KVCache

/// Rows H1, H6, H7, H8 and H10 to H12: several groups, of which some have a sliding window.
///
/// All groups of a plan have one block size, so the rows about groups of different block sizes
/// (H2 to H4), and those about chunked local attention (H9), have no equal here. H5 and H13's
/// admission are the planner's.
@Suite struct `A cache with sliding windows` {
    /// One full group and one with a window of two blocks.
    private func hybrid(
        blocks: Int = 21, configuration: CacheConfiguration = CacheConfiguration()
    ) throws -> PagedCache {
        try makeCache(
            [.full, .slidingWindow(32), .slidingWindow(32)], blockSize: 16,
            blocks: blocks, length: 32, chunk: 8, configuration: configuration)
    }

    /// Two layers of one span share a group, so windows that differ by a token make three groups
    /// that need the same blocks: two before a block boundary.
    private func threeGroups(
        blocks: Int = 21, configuration: CacheConfiguration = CacheConfiguration()
    ) throws -> PagedCache {
        try makeCache(
            [.full, .slidingWindow(32), .slidingWindow(31)], blockSize: 16, blocks: blocks,
            length: 32, chunk: 8, configuration: configuration)
    }

    /// Makes a cached block one that cannot be hit.
    private func forget(_ cache: inout PagedCache, _ block: BlockID) {
        if cache.index.isRegistered(block) { cache.unregister(block, evicted: true) }
    }

    /// H1
    @Test func `a hit needs the window alone and has null blocks before it`() throws {
        var cache = try threeGroups()
        var first = try cache.start(common + repeated(3, 7))
        #expect((0..<3).map { first.ids($0) } == [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12]])
        let second = try cache.start(common + repeated(4, 5))
        #expect(second.match.tokens == 48)
        #expect(
            (0..<3).map { second.ids($0) } == [[1, 2, 3, 13], [0, 6, 7, 14], [0, 10, 11, 15]])
        #expect((0..<3).map { second.blocks.tables[$0].released } == [0, 1, 1])
        cache.checkInvariants(sequences: [first.blocks, second.blocks])

        var other = second
        cache.stop(&first)
        cache.stop(&other)
        func hit(_ forgotten: [BlockID]) -> Int {
            var cache = cache
            for block in forgotten { forget(&cache, block) }
            var keys = PrefixKeys()
            let match = cache.match(&keys, tokens: common + repeated(5, 6), limit: 53)
            cache.checkInvariants(sequences: [])
            return match.fullBlocks
        }
        #expect(hit([]) == 3)
        #expect(hit([5, 9]) == 3, "nobody sees what is out of the window")
        #expect(hit([1]) == 0, "the full group needs all")
        #expect(hit([3]) == 2)
        #expect(hit([7]) == 2)
        #expect(hit([11]) == 2)
        #expect(hit([2, 5]) == 0, "one block in the full group, and no window begins there")
    }

    /// H7: a window of 4 over blocks of 2 needs two blocks, or all there are at the start.
    @Test(arguments: [
        ([true], 1), ([true, false], 1), ([true, true], 2), ([true, true, false], 2),
        ([true, true, true], 3), ([true, true, true, false], 3),
        (
            [
                true, true, false, true, false, false, true, true, false, true, true, true,
            ], 12
        ),
        ([true, true, false, true, false, false, true, true, false, false, false], 8),
        ([true, true, false, true, false, false, true, true, false, false, false, true], 8),
        ([false, false, false], 0),
    ])
    func `the longest hit ends behind a whole window`(cached: [Bool], hit: Int) throws {
        var cache = try makeCache([.slidingWindow(4)], blockSize: 2, blocks: 21, length: 8)
        let text = tokens(0..<UInt32(2 * cached.count))
        var first = try cache.start(text)
        let blocks = first.ids()
        cache.stop(&first)
        for (entry, isCached) in cached.enumerated() where !isCached {
            forget(&cache, blocks[entry])
        }
        var keys = PrefixKeys()
        let match = cache.match(&keys, tokens: text + [99], limit: text.count)
        #expect(match.fullBlocks == hit)
        var again = cache.makeSequence()
        #expect(cache.adopt(match, &again, tokens: text.count + 1))
        let first2 = max(0, hit - 2)
        #expect(again.tables[0].blocks.prefix(first2).allSatisfy { $0 == .null })
        #expect(Array(again.tables[0].blocks[first2..<hit]) == Array(blocks[first2..<hit]))
        cache.checkInvariants(sequences: [again])
    }

    /// H6
    @Test func `on release what cannot be hit stands before what can`() throws {
        var cache = try threeGroups(blocks: 30)
        var first = try cache.start(common + repeated(3, 7))
        cache.stop(&first)
        let free = cache.pool.free.blocks
        let hashed = free.map { cache.index.isRegistered($0) }
        #expect(hashed == Array(repeating: false, count: 20) + Array(repeating: true, count: 9))
        #expect(Set(free.prefix(3)) == [4, 8, 12])
        let second = try cache.start(common + repeated(4, 1))
        #expect(second.match.fullBlocks == 3)
    }

    /// H8, with blocks that can be hit: they go to the back in reverse order.
    @Test func `blocks that leave the window stay cached`() throws {
        var cache = try makeCache([.slidingWindow(4)], blockSize: 2, blocks: 11, length: 12)
        var running = try cache.start(tokens(0..<12))
        let ids = running.ids()
        for (computed, removed) in [(4, 0), (5, 1), (6, 1), (7, 2), (11, 4)] {
            cache.trim(&running.blocks, computed: computed)
            #expect(running.ids().prefix { $0 == .null }.count == removed)
            #expect(cache.gauges.cached == removed)
        }
        #expect(Array(cache.pool.free.blocks.suffix(4)) == [ids[0], ids[1], ids[3], ids[2]])
        cache.checkInvariants(sequences: [running.blocks])
    }

    /// H10: 10 new blocks and 10 that are free until they are hit; behind a window 5 of those.
    @Test(arguments: [(AttentionSpan.full, 20), (.slidingWindow(10), 15)])
    func `hit blocks that are free count against the free ones`(
        span: AttentionSpan, taken: Int
    ) throws {
        var cache = try makeCache([span], blockSize: 2, blocks: 41, length: 8)
        var first = try cache.start(tokens(0..<20))
        cache.stop(&first)
        let free = cache.pool.freeCount
        let second = try cache.start(tokens(0..<20) + tokens(100..<120))
        #expect(second.match.fullBlocks == 10)
        #expect(second.match.evictableHits == taken - 10)
        #expect(second.ids().prefix { $0 == .null }.count == 20 - taken)
        #expect(second.blocks.liveCount == taken)
        #expect(free - cache.pool.freeCount == taken)

        // One block fewer is too few, and that is known before anything is taken.
        var tight = try makeCache([span], blockSize: 2, blocks: taken, length: 8)
        first = try tight.start(tokens(0..<20))
        tight.stop(&first)
        let before = tight.pool.free.blocks
        #expect(throws: OutOfBlocks.self) {
            try tight.start(tokens(0..<20) + tokens(100..<120))
        }
        #expect(tight.pool.free.blocks == before)
    }

    /// H11
    @Test func `a hit block is not allocated a second time`() throws {
        var cache = try makeCache([.full], blockSize: 2, blocks: 3, length: 4)
        var first = try cache.start(tokens(0..<2))
        cache.stop(&first)
        let second = try cache.start(tokens(0..<2) + [50, 51])
        #expect(second.match.evictableHits == 1)
        #expect(second.ids() == [1, 2], "both blocks of the pool, one of them new")
        #expect(cache.pool.freeCount == 0)
    }

    /// H12
    @Test(arguments: [4, 8, 12, 16])
    func `what a chunk takes is what was foretold`(chunk: Int) throws {
        var cache = try makeCache(
            [.full, .slidingWindow(8)], blockSize: 4, blocks: 65, length: 48, chunk: chunk)
        var blocks = cache.makeSequence()
        for computed in stride(from: 0, to: 48, by: chunk) {
            cache.trim(&blocks, computed: computed)
            let free = cache.pool.freeCount
            let foretold = cache.blocksToGrow(blocks, tokens: computed + chunk, from: computed)
            #expect(foretold == 2 * chunk / 4)
            #expect(cache.grow(&blocks, tokens: computed + chunk, from: computed))
            #expect(free - cache.pool.freeCount == foretold)
            cache.checkInvariants(sequences: [blocks])
        }
    }

    /// H10 to H12, at any length.
    @Test func `what an adoption takes is known before`() throws {
        var cache = try makeCache([.slidingWindow(8)], blockSize: 2, blocks: 41, length: 8)
        for length: UInt32 in [20, 21, 24, 27, 32] {
            var first = try cache.start(tokens(0..<length))
            cache.stop(&first)
            var keys = PrefixKeys()
            let text = tokens(0..<40)
            let match = cache.match(&keys, tokens: text, limit: 39)
            let free = cache.pool.freeCount
            var blocks = cache.makeSequence()
            #expect(cache.adopt(match, &blocks, tokens: 40))
            let sources = match.partialTokens > 0 ? 1 : 0
            #expect(
                free - cache.pool.freeCount
                    == match.evictableHits + (20 - match.fullBlocks) + sources)
            #expect(blocks.liveCount == match.evictableHits + 20 - match.fullBlocks)
            cache.step()
            #expect(free - cache.pool.freeCount == blocks.liveCount)
            cache.release(&blocks)
            let reset = cache.reset()
            #expect(reset)
        }
    }

    /// A prefix that outlives its blocks behind a window is kept within a bound.
    @Test func `a sequence longer than the index ends being registered, not the process`() throws {
        var cache = try makeCache([.slidingWindow(2)], blockSize: 1, blocks: 5, length: 4, chunk: 1)
        var running = try cache.start([0])
        for token in 1..<40 as Range<UInt32> {
            cache.trim(&running.blocks, computed: running.tokens.count)
            #expect(cache.append([TokenID(token)], to: &running))
            cache.checkInvariants(sequences: [running.blocks])
        }
        #expect(running.blocks.committed == 5)
        cache.stop(&running)
        let reset = cache.reset()
        #expect(reset)
        #expect(cache.index.nodeCount == 1)
    }

    @Test func `groups of one size share a pool under every policy`() throws {
        for policy in EvictionPolicy.all {
            var cache = try hybrid(configuration: CacheConfiguration(eviction: policy))
            for token: UInt32 in 0..<12 {
                var running = try cache.start(repeated(token % 5, 20 + Int(token)))
                cache.checkInvariants(sequences: [running.blocks])
                cache.stop(&running)
                cache.checkInvariants(sequences: [])
            }
        }
    }

    /// A sequence in a window of three blocks takes the next block over from the cache: the one
    /// that leaves the window by it makes the room.
    @Test func `what leaves the window makes room for what is taken over`() throws {
        var cache = try makeCache(
            [.slidingWindow(6)], blockSize: 4, blocks: 4, length: 32, chunk: 3,
            configuration: {
                var configuration = CacheConfiguration()
                configuration.hostSlots = 8
                return configuration
            }())
        let text = tokens(0..<20)
        // All of it is cached, in the host tier but for the end.
        var old = Running(tokens: text, keys: PrefixKeys(), blocks: cache.makeSequence())
        for end in stride(from: 4, through: 20, by: 4) {
            cache.trim(&old.blocks, computed: end - 4)
            #expect(cache.grow(&old.blocks, tokens: end))
            old.commit(in: &cache, upTo: end)
            cache.step()
        }
        cache.stop(&old)
        var other = try cache.start(tokens(50..<59))
        cache.stop(&other)
        cache.step()

        var running = Running(tokens: text, keys: PrefixKeys(), blocks: cache.makeSequence())
        #expect(cache.grow(&running.blocks, tokens: 12))
        running.commit(in: &cache, upTo: 12)
        cache.step()
        let match = cache.match(
            &running.keys, tokens: text, limit: 19, extending: running.blocks)
        #expect(match.fullBlocks == 4 && match.loads == 1)
        #expect(cache.gauges.allocatable == 0)
        let adopted = cache.adopt(match, &running.blocks, tokens: 16)
        #expect(adopted)
        #expect(running.ids().prefix(2) == [.null, .null])
        cache.checkInvariants(sequences: [running.blocks])
        cache.step()
        cache.stop(&running)
        cache.checkInvariants(sequences: [])
    }
}
