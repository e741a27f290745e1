import KVCache
import TestSupport
import Testing

/// A small cache of layers with the given spans.
func makeCache(
    _ spans: [AttentionSpan], blockSize: Int, blocks: Int, length: Int = 256, chunk: Int = 8,
    configuration: CacheConfiguration = CacheConfiguration()
) throws -> PagedCache {
    let planner = KVPlanner(
        geometry: KVGeometry(spans: spans, kvHeads: 1, headDim: 4), blockSize: blockSize,
        maxModelLength: length, maxChunk: chunk)
    return PagedCache(
        layout: try planner.plan(blockCount: blocks), configuration: configuration)
}

@Suite struct `The paged cache` {
    @Test func `a sequence grows by whole blocks`() throws {
        var cache = try makeCache([.full], blockSize: 4, blocks: 65)
        var sequence = cache.makeSequence()
        for (tokens, blocks) in [(0, 0), (1, 1), (4, 1), (5, 2), (8, 2), (16, 4)] {
            #expect(cache.grow(&sequence, tokens: tokens))
            #expect(sequence.tables[0].blocks == (0..<UInt32(blocks)).map { BlockID($0 + 1) })
        }
        #expect(cache.grow(&sequence, tokens: 3))
        #expect(sequence.liveCount == 4, "a table never shrinks by growing")
        cache.release(&sequence)
        #expect(cache.pool.usedCount == 0)
        #expect(cache.pool.free.first == 4, "the tail is taken before the head")
    }

    @Test func `groups grow together or not at all`() throws {
        var cache = try makeCache([.full, .slidingWindow(4)], blockSize: 2, blocks: 6, length: 4)
        var sequence = cache.makeSequence()
        #expect(cache.grow(&sequence, tokens: 4))
        #expect(cache.pool.freeCount == 1)
        let before = sequence
        #expect(!cache.grow(&sequence, tokens: 5))
        #expect(sequence == before)
        #expect(cache.pool.freeCount == 1)
        cache.checkInvariants(sequences: [sequence])
    }

    @Test func `blocks that left the window are null and go back in reverse order`() throws {
        var cache = try makeCache([.slidingWindow(4)], blockSize: 2, blocks: 11, length: 12)
        var sequence = cache.makeSequence()
        #expect(cache.grow(&sequence, tokens: 12))
        let ids = sequence.tables[0].blocks
        for (computed, removed) in [(4, 0), (5, 1), (6, 1), (7, 2), (11, 4)] {
            cache.trim(&sequence, computed: computed)
            let expected = Array(repeating: BlockID.null, count: removed) + ids[removed...]
            #expect(sequence.tables[0].blocks == expected, "after \(computed) tokens")
            #expect(sequence.liveCount == 6 - removed)
            cache.checkInvariants(sequences: [sequence])
        }
        #expect(Array(cache.pool.free.blocks.prefix(2)) == [ids[3], ids[2]])
        cache.release(&sequence)
        #expect(cache.pool.freeCount == cache.pool.capacity)
    }

    @Test func `a full group keeps every block`() throws {
        var cache = try makeCache([.full, .slidingWindow(1)], blockSize: 1, blocks: 100, length: 9)
        var sequence = cache.makeSequence()
        #expect(cache.grow(&sequence, tokens: 9))
        cache.trim(&sequence, computed: 9)
        let full = cache.layout.groups.firstIndex { $0.span == .full } ?? 0
        #expect(sequence.tables[full].liveCount == 9)
        #expect(sequence.tables[1 - full].liveCount == 0)
    }

    @Test func `no sequence ever holds more than its peak`() throws {
        var random = SeededGenerator(seed: 7)
        for _ in 0..<400 {
            let blockSize = Int.random(in: 1...20, using: &random)
            let window = Int.random(in: 1...40, using: &random)
            let chunk = Int.random(in: 1...40, using: &random)
            let length = Int.random(in: 1...120, using: &random)
            var cache = try makeCache(
                [.full, .slidingWindow(window), .slidingWindow(window)], blockSize: blockSize,
                blocks: 1000, length: length, chunk: chunk)
            let peak = cache.layout.peakBlocks(tokens: length, chunk: chunk)
            var sequence = cache.makeSequence()
            var computed = 0
            var most = 0
            while computed < length {
                let step = Int.random(in: 1...min(chunk, length - computed), using: &random)
                cache.trim(&sequence, computed: computed)
                #expect(cache.grow(&sequence, tokens: computed + step))
                most = max(most, sequence.liveCount)
                for query in computed..<computed + step {
                    for (table, group) in zip(sequence.tables, cache.layout.groups) {
                        let seen = group.span.firstVisible(from: query) / blockSize
                        #expect(seen >= table.released, "a query would read a null block")
                    }
                }
                computed += step
            }
            #expect(most <= peak)
            cache.checkInvariants(sequences: [sequence])
        }
    }
}
