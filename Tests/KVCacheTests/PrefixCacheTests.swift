import QuireIdentifiers
import Testing

@testable import KVCache

/// Rows C1 to C17 and C23 to C30 of the behaviours that vLLM's tests describe (the modern side),
/// as far as they concern the cache. Blocks of 16 tokens, 10 of them usable, unless stated.
@Suite struct `The prefix cache` {
    private func cache(blocks: Int = 11, blockSize: Int = 16) throws -> PagedCache {
        try makeCache([.full], blockSize: blockSize, blocks: blocks, length: blockSize)
    }

    /// C1
    @Test func `a second prompt shares the full blocks of the first`() throws {
        var cache = try cache()
        let first = try cache.start(common + repeated(3, 7))
        #expect(first.match.tokens == 0)
        #expect(first.ids() == [1, 2, 3, 4])
        #expect(first.blocks.committed == 3, "the partial block cannot be hit")
        #expect([1, 2, 3, 4].allSatisfy { cache.pool.referenceCount(of: $0) == 1 })
        let second = try cache.start(common + repeated(4, 5))
        #expect(second.match.tokens == 48)
        #expect(second.match.fullBlocks == 3)
        #expect(second.match.end == .uncached(position: 48))
        #expect(second.ids() == [1, 2, 3, 5])
        #expect([1, 2, 3].allSatisfy { cache.pool.referenceCount(of: $0) == 2 })
        #expect(cache.pool.freeCount == 5)
        cache.checkInvariants(sequences: [first.blocks, second.blocks])
    }

    /// C2, C3, C4
    @Test func `what cannot be hit goes to the front and what can to the back, tail first`() throws
    {
        var cache = try cache()
        var first = try cache.start(common + repeated(3, 7))
        var second = try cache.start(common + repeated(4, 5))
        cache.stop(&first)
        cache.stop(&second)
        #expect(cache.pool.freeCount == 10)
        #expect(cache.pool.free.blocks == [5, 4, 6, 7, 8, 9, 10, 3, 2, 1])
        #expect(cache.gauges == CacheGauges(used: 0, cached: 3, free: 7))

        var third = try cache.start(common + repeated(5, 6))
        #expect(third.match.tokens == 48)
        #expect(third.match.evictableHits == 3)
        #expect(third.ids() == [1, 2, 3, 5], "free blocks are hit")
        #expect(cache.pool.freeCount == 6)
        cache.stop(&third)

        let fourth = try cache.start(repeated(99, 160))
        #expect(fourth.match.tokens == 0)
        #expect(fourth.ids() == [5, 4, 6, 7, 8, 9, 10, 3, 2, 1])
        #expect(cache.pool.freeCount == 0)
        #expect(cache.pool.free.first == nil)
        cache.checkInvariants(sequences: [fourth.blocks])
    }

    /// C5
    @Test func `a request that may not read the cache still writes it`() throws {
        var cache = try cache()
        let first = try cache.start(common + repeated(3, 7), limit: 0)
        let reader = try cache.start(common + repeated(4, 5))
        #expect(reader.ids() == [1, 2, 3, 5])
        let scored = try cache.start(common + repeated(3, 7), limit: 0)
        #expect(scored.match.tokens == 0)
        #expect(scored.match.end == .limit(position: 0))
        #expect(scored.ids() == [6, 7, 8, 9])
        #expect(scored.keys.keys == first.keys.keys)
        #expect(scored.ids().allSatisfy { cache.pool.referenceCount(of: $0) == 1 })
        #expect(cache.gauges.used == 9)
    }

    /// C6
    @Test func `a block can be hit as soon as decoding has filled it`() throws {
        var cache = try cache()
        var running = try cache.start(common + repeated(3, 7))
        #expect(cache.append(repeated(8, 4), to: &running))
        #expect(running.ids() == [1, 2, 3, 4])
        #expect(running.blocks.committed == 3)
        #expect(cache.append(repeated(8, 19), to: &running))
        #expect(running.ids() == [1, 2, 3, 4, 5])
        #expect(running.blocks.committed == 4)
    }

    /// C7; a hit goes on to the token here, where vLLM's ends with the block.
    @Test func `tails are given up before heads and older requests before newer`() throws {
        var cache = try cache()
        var first = try cache.start(tokens(0..<87))
        var second = try cache.start(tokens(1000..<1048))
        #expect(first.ids() == [1, 2, 3, 4, 5, 6])
        #expect(second.ids() == [7, 8, 9])
        #expect(cache.pool.freeCount == 1)
        cache.stop(&first)
        #expect(cache.pool.free.blocks == [6, 10, 5, 4, 3, 2, 1])
        cache.stop(&second)
        #expect(cache.pool.free.blocks == [6, 10, 5, 4, 3, 2, 1, 9, 8, 7])
        let third = try cache.start(tokens(0..<35))
        #expect(third.match.fullBlocks == 2)
        #expect(third.match.tokens == 34, "all but the last token")
        #expect(third.match.end == .limit(position: 34))
        #expect(third.ids() == [1, 2, 6])
        #expect(cache.pool.freeCount == 7)
    }

    /// C8
    @Test func `a block that is used for something else cannot be hit`() throws {
        var cache = try makeCache([.full], blockSize: 16, blocks: 2, length: 16)
        var first = try cache.start(tokens(0..<16))
        cache.stop(&first)
        #expect(cache.index.blockCount == 1)
        let second = try cache.start(tokens(100..<115))
        #expect(second.ids() == [1])
        #expect(cache.index.blockCount == 0)
    }

    /// C9
    @Test func `a hit block is never taken for what follows it`() throws {
        var cache = try cache(blocks: 3)
        var first = try cache.start(tokens(0..<16))
        var second = try cache.start(tokens(16..<32))
        #expect(first.ids() + second.ids() == [1, 2])
        cache.stop(&first)
        cache.stop(&second)
        let third = try cache.start(tokens(0..<32))
        #expect(third.match.tokens == 16)
        #expect(third.ids() == [1, 2])
    }

    /// C10
    @Test func `without prefix caching nothing is ever hit`() throws {
        var cache = try makeCache(
            [.full], blockSize: 4, blocks: 5, length: 4,
            configuration: CacheConfiguration(prefixCaching: false))
        var first = try cache.start(tokens(0..<10))
        #expect(first.ids().count == 3)
        cache.stop(&first)
        let second = try cache.start(tokens(0..<16))
        #expect(second.match == PrefixMatch())
        #expect(second.match.end == .disabled)
        #expect(second.ids().count == 4)
        #expect(throws: OutOfBlocks.self) { try cache.start(tokens(0..<4)) }
        #expect(cache.gauges == CacheGauges(used: 4, cached: 0, free: 0))
    }

    /// C11
    @Test func `only whole blocks are registered, once`() throws {
        var cache = try cache(blockSize: 4)
        let text = tokens(0..<14)
        var keys = PrefixKeys()
        var blocks = cache.makeSequence()
        #expect(cache.grow(&blocks, tokens: 14))
        for (upTo, registered) in [(8, 2), (8, 2), (12, 3), (14, 3)] {
            cache.commit(&blocks, &keys, tokens: text, upTo: upTo)
            #expect(cache.index.blockCount == registered)
        }
        cache.checkInvariants(sequences: [blocks])
    }

    /// C13
    @Test func `an allocation that fails does not touch the hit blocks`() throws {
        var cache = try cache()
        let first = try cache.start(common)
        let longer = common + repeated(3, 16) + repeated(4, 16) + repeated(5, 16)
        var second = try cache.start(longer)
        #expect(second.match.fullBlocks == 3)
        let tail = Array(second.ids()[3...])
        cache.stop(&second)
        let third = try cache.start(tokens(500..<532))
        #expect(cache.pool.freeCount == 5)
        let before = cache.pool.free.blocks
        var keys = PrefixKeys()
        let match = cache.match(&keys, tokens: longer + repeated(6, 48), limit: 143)
        #expect(match.tokens == 96)
        var blocks = cache.makeSequence()
        #expect(!cache.adopt(match, &blocks, tokens: 144))
        #expect(blocks == cache.makeSequence())
        #expect(cache.pool.free.blocks == before)
        #expect(first.ids().allSatisfy { cache.pool.referenceCount(of: $0) == 1 })
        #expect(tail.allSatisfy { cache.pool.referenceCount(of: $0) == 0 })
        cache.checkInvariants(sequences: [first.blocks, third.blocks])
    }

    /// C14
    @Test func `the cache can be reset when nobody uses it`() throws {
        var cache = try cache()
        var first = try cache.start(common + repeated(3, 7))
        var second = try cache.start(common + repeated(4, 7))
        let early = cache.reset()
        #expect(!early)
        #expect(cache.index.blockCount == 3)
        cache.stop(&first)
        cache.stop(&second)
        let late = cache.reset()
        #expect(late)
        #expect(cache.index.blockCount == 0)
        #expect(cache.index.nodeCount == 1)
        #expect(cache.gauges == CacheGauges(used: 0, cached: 0, free: 10))
        cache.checkInvariants(sequences: [])
    }

    /// C23: a scheduler that looks ahead grows by the tokens to come.
    @Test func `tokens to come need blocks as tokens do`() throws {
        for ahead in [2, 4] {
            var cache = try cache(blockSize: 4)
            var blocks = cache.makeSequence()
            #expect(cache.blocksToGrow(blocks, tokens: 3 + ahead) == 2)
            #expect(cache.grow(&blocks, tokens: 3 + ahead))
            #expect(blocks.entryCount == 2)
        }
    }

    /// C26, C30; vLLM answers 16 for 17 tokens and 0 for 16 of them, whose last block it computes
    /// again as a whole.
    @Test(arguments: [(17, 16), (16, 15), (48, 47), (1, 0)])
    func `a full hit computes one token`(count: Int, hit: Int) throws {
        var cache = try cache()
        let prompt = repeated(7, count)
        var first = try cache.start(prompt)
        cache.stop(&first)
        let second = try cache.start(prompt)
        #expect(second.match.tokens == hit)
        #expect(second.match.end == .limit(position: hit))
    }

    /// C27
    @Test func `a prompt that is too long for the pool is refused`() throws {
        var cache = try cache(blocks: 5)
        #expect(throws: OutOfBlocks.self) { try cache.start(repeated(1, 256)) }
        #expect(cache.pool.freeCount == 4)
    }

    /// C28, the cache's part: the scheduler's tests have the rest.
    @Test func `a sibling of the same step hits what the step will write`() throws {
        var cache = try cache(blocks: 21)
        let prompt = repeated(5, 100)
        let first = try cache.start(prompt, settling: false)
        let second = try cache.start(prompt, settling: false)
        #expect(second.match.tokens == 96, "4 of 100 tokens are left")
        #expect(second.match.pendingHits == 6)
        #expect(Array(second.ids()[..<6]) == Array(first.ids()[..<6]))
        cache.settle()
        let third = try cache.start(prompt)
        #expect(third.match.tokens == 96)
        #expect(third.match.pendingHits == 0)
        cache.checkInvariants(sequences: [first.blocks, second.blocks, third.blocks])
    }

    /// C29, the cache's part
    @Test func `what was generated is hit in the next turn`() throws {
        var cache = try cache(blocks: 41)
        var first = try cache.start(repeated(5, 100))
        for token in 0..<200 { #expect(cache.append([TokenID(UInt32(token))], to: &first)) }
        cache.stop(&first)
        let next = try cache.start(first.tokens)
        #expect(next.match.fullBlocks == 18, "12 of 300 tokens are left")
        #expect(next.match.tokens == 288)
    }
}
