import QuireIdentifiers
import Testing

@testable import KVCache

/// Hits that end inside a block: the block is copied.
@Suite struct `Hits to the token` {
    private func cache(blocks: Int = 11, spans: [AttentionSpan] = [.full]) throws -> PagedCache {
        try makeCache(spans, blockSize: 4, blocks: blocks, length: 8)
    }

    private func transfers(_ cache: inout PagedCache) -> [BlockTransfer] {
        var transfers: [BlockTransfer] = []
        cache.takeTransfers(into: &transfers)
        return transfers
    }

    @Test func `a hit goes on to the first token that differs`() throws {
        var cache = try cache()
        let first = try cache.start(tokens(0..<12))
        var text = tokens(0..<12)
        text[6] = 77
        let second = try cache.start(text, settling: false)
        #expect(second.match.fullBlocks == 1)
        #expect(second.match.partialTokens == 2)
        #expect(second.match.tokens == 6)
        #expect(second.match.end == .mismatch(position: 6, wanted: 77, cached: 6))
        #expect(second.ids() == [1, 4, 5])
        #expect(transfers(&cache) == [.copy(from: 2, to: 4)])
        #expect(cache.pool.referenceCount(of: 2) == 2, "held until it is copied")
        cache.settle()
        #expect(cache.pool.referenceCount(of: 2) == 1)
        cache.checkInvariants(sequences: [first.blocks, second.blocks])
    }

    @Test func `the child with the longest common run is taken`() throws {
        var cache = try cache(blocks: 30)
        let head = tokens(0..<4)
        for tail in [[1, 2, 9, 9], [1, 2, 3, 9], [1, 8, 8, 8], [5, 2, 3, 4]] as [[TokenID]] {
            var running = try cache.start(head + tail)
            cache.stop(&running)
        }
        var keys = PrefixKeys()
        let match = cache.match(&keys, tokens: head + [1, 2, 3, 4, 5], limit: 8)
        #expect(match.tokens == 7)
        #expect(match.end == .mismatch(position: 7, wanted: 4, cached: 9))
        keys = PrefixKeys()
        #expect(cache.match(&keys, tokens: head + [6, 2, 3, 4], limit: 8).tokens == 4)
    }

    @Test func `of many children the most recent are compared`() throws {
        var cache = try makeCache([.full], blockSize: 2, blocks: 101, length: 8)
        for token: UInt32 in 0..<40 {
            var running = try cache.start([7, TokenID(token)])
            cache.stop(&running)
        }
        var keys = PrefixKeys()
        let match = cache.match(&keys, tokens: [7, 99], limit: 2)
        #expect(match.tokens == 1)
        #expect(match.end == .mismatch(position: 1, wanted: 99, cached: 39))
    }

    @Test func `a block that is not written yet is shared but not copied`() throws {
        var cache = try cache()
        _ = try cache.start(tokens(0..<8), settling: false)
        let second = try cache.start(tokens(0..<6) + [99, 98], settling: false)
        #expect(second.match.fullBlocks == 1)
        #expect(second.match.tokens == 4, "its second block would be a copy")
        #expect(transfers(&cache) == [])
        cache.settle()
        let third = try cache.start(tokens(0..<6) + [97, 96])
        #expect(third.match.tokens == 6)
    }

    @Test func `when blocks are short the source itself is taken`() throws {
        var cache = try cache(blocks: 3)
        var first = try cache.start(tokens(0..<8))
        cache.stop(&first)
        let second = try cache.start(tokens(0..<7) + [99], settling: false)
        #expect(second.match.tokens == 7)
        #expect(second.ids() == [1, 2], "no third block is needed")
        #expect(transfers(&cache) == [])
        cache.settle()
        #expect(cache.index.blockCount == 2)
        cache.checkInvariants(sequences: [second.blocks])
    }

    @Test func `every group copies its block, and none is taken for another`() throws {
        for blocks in 5...12 {
            var cache = try cache(blocks: blocks, spans: [.full, .slidingWindow(6)])
            var first = try cache.start(tokens(0..<8))
            let source = (0..<2).map { first.ids($0)[1] }
            cache.stop(&first)
            let second = try cache.start(tokens(0..<7) + [99], settling: false)
            #expect(second.match.tokens == 7)
            let copies = transfers(&cache)
            let own = (0..<2).map { second.ids($0)[1] }
            if copies.isEmpty {
                #expect(own == source)
            } else {
                #expect(copies == (0..<2).map { .copy(from: source[$0], to: own[$0]) })
            }
            #expect(copies.isEmpty == (blocks < 7))
            cache.checkInvariants(sequences: [second.blocks])
            cache.settle()
        }
    }

    @Test func `a failed step copies again`() throws {
        var cache = try cache()
        var first = try cache.start(tokens(0..<8))
        cache.stop(&first)
        let second = try cache.start(tokens(0..<7) + [99], settling: false)
        let copies = transfers(&cache)
        #expect(copies.count == 1)
        cache.abandonPending()
        #expect(cache.pool.referenceCount(of: 2) == 1, "what it copies is still held")
        #expect(transfers(&cache) == copies)
        cache.settle()
        #expect(cache.pool.referenceCount(of: 2) == 0)
        cache.checkInvariants(sequences: [second.blocks])
    }

    @Test func `a running prompt goes on with what another has computed since`() throws {
        var cache = try cache(blocks: 20)
        let text = tokens(0..<16)
        var late = Running(tokens: text, keys: PrefixKeys(), blocks: cache.makeSequence())
        #expect(cache.grow(&late.blocks, tokens: 4))
        late.commit(in: &cache, upTo: 4)
        cache.step()
        let leader = try cache.start(tokens(0..<14))
        #expect(leader.match.tokens == 4)
        let match = cache.match(&late.keys, tokens: text, limit: 15, extending: late.blocks)
        #expect(match.fullBlocks == 3)
        #expect(match.tokens == 12)
        #expect(match.evictableHits == 0)
        #expect(cache.adopt(match, &late.blocks, tokens: 16))
        #expect(Array(late.ids().prefix(3)) == Array(leader.ids().prefix(3)))
        cache.checkInvariants(sequences: [late.blocks, leader.blocks])

        // In the middle of a block there is nothing to go on from.
        var middle = Running(tokens: text, keys: PrefixKeys(), blocks: cache.makeSequence())
        #expect(cache.grow(&middle.blocks, tokens: 6))
        middle.commit(in: &cache, upTo: 6)
        let none = cache.match(&middle.keys, tokens: text, limit: 15, extending: middle.blocks)
        #expect(none.tokens == 0)
        #expect(none.end == .uncached(position: 4))
    }

    @Test func `a match that is out of date is not adopted`() throws {
        var cache = try cache(blocks: 5)
        var first = try cache.start(tokens(0..<16))
        cache.stop(&first)
        var keys = PrefixKeys()
        let match = cache.match(&keys, tokens: tokens(0..<16), limit: 15)
        #expect(match.fullBlocks == 3)
        let other = try cache.start(repeated(9, 4))
        var blocks = cache.makeSequence()
        #expect(!cache.adopt(match, &blocks, tokens: 16))
        #expect(blocks.liveCount == 0)
        let again = cache.match(&keys, tokens: tokens(0..<16), limit: 15)
        #expect(again.tokens == 12)
        #expect(!cache.adopt(again, &blocks, tokens: 17))
        cache.checkInvariants(sequences: [other.blocks, blocks])
    }
}
