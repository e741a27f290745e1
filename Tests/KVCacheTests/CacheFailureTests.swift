import QuireIdentifiers
import TestSupport
import Testing

@testable import KVCache

/// What must not go wrong: allocations that fail, and keys that collide.
@Suite struct `A cache under attack` {
    /// In pools of every size, an adoption either has all its blocks or leaves no trace.
    @Test(arguments: [[AttentionSpan.full], [.full, .slidingWindow(6)], [.slidingWindow(5)]])
    func `whichever allocation fails, nothing has changed`(spans: [AttentionSpan]) throws {
        var failures = 0
        for blocks in 14...40 {
            var cache = try makeCache(
                spans, blockSize: 4, blocks: blocks, length: 8,
                configuration: CacheConfiguration(eviction: .lfu))
            var held = try cache.start(tokens(0..<10))
            var cached = try cache.start(tokens(0..<15))
            cache.stop(&cached)
            for limit in [0, 5, 8, 14] {
                for wanted in 16..<60 {
                    var copy = cache
                    var keys = PrefixKeys()
                    let text = tokens(0..<14) + repeated(77, 46)
                    let match = copy.match(&keys, tokens: text, limit: limit)
                    var sequence = copy.makeSequence()
                    let before = Trace(copy)
                    let adopted = copy.adopt(match, &sequence, tokens: wanted)
                    copy.checkInvariants(sequences: [held.blocks, sequence])
                    if !adopted {
                        failures += 1
                        #expect(sequence == copy.makeSequence())
                        #expect(Trace(copy) == before)
                    }
                }
            }
            cache.stop(&held)
        }
        #expect(failures > 100)
    }

    /// All that an allocation could change.
    private struct Trace: Equatable {
        let free: [BlockID]
        let counts: [Int]
        let registered: Int
        let copies: Int

        init(_ cache: PagedCache) {
            free = cache.pool.free.blocks
            counts = (0..<cache.pool.blockCount).map {
                cache.pool.referenceCount(of: BlockID(UInt32($0)))
            }
            registered = cache.index.blockCount
            copies = cache.transfers.queued.count
        }
    }

    @Test(arguments: [0, 1, 4])
    func `colliding keys find what distinct keys find`(bits: Int) throws {
        let planner = KVPlanner(
            geometry: KVGeometry(spans: [.full], kvHeads: 1, headDim: 4), blockSize: 4,
            maxModelLength: 32)
        let layout = try planner.plan(blockCount: 60)
        let configuration = CacheConfiguration(seed: 1)
        var distinct = PagedCache(layout: layout, configuration: configuration)
        var colliding = PagedCache(layout: layout, configuration: configuration, keyBits: bits)
        var random = SeededGenerator(seed: 77)
        for _ in 0..<600 {
            let count = Int.random(in: 1...32, using: &random)
            let text = (0..<count).map { _ in TokenID(UInt32.random(in: 0..<2, using: &random)) }
            let scope = PrefixScope(salt: Bool.random(using: &random) ? "a" : nil)
            var first = try distinct.start(text, scope: scope)
            var second = try colliding.start(text, scope: scope)
            #expect(first.match.tokens == second.match.tokens)
            #expect(first.match.end == second.match.end)
            #expect(first.ids() == second.ids())
            #expect(Set(second.keys.keys).count <= 1 << (2 * bits))
            distinct.stop(&first)
            colliding.stop(&second)
        }
        #expect(distinct.evictions > 100)
        colliding.checkInvariants(sequences: [])
    }
}
