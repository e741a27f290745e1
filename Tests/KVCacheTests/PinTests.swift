import QuireIdentifiers
import Testing

@testable import KVCache

/// Prefixes that are kept whatever else needs their blocks.
@Suite struct `Pinned prefixes` {
    private func cache(
        share: Double = 0.5, policy: EvictionPolicy = .lru, spans: [AttentionSpan] = [.full]
    ) throws -> PagedCache {
        try makeCache(
            spans, blockSize: 4, blocks: 13, length: 8,
            configuration: CacheConfiguration(eviction: policy, pinnedShare: share))
    }

    @Test(arguments: EvictionPolicy.all)
    func `outlive any pressure`(policy: EvictionPolicy) throws {
        var cache = try cache(policy: policy)
        var first = try cache.start(tokens(0..<9))
        cache.stop(&first)
        let pin = try cache.pin(tokens(0..<9), now: .zero)
        #expect(pin.tokens == 8, "whole blocks")
        #expect(cache.gauges == CacheGauges(used: 2, cached: 0, free: 10, pinned: 2))
        for round: UInt32 in 1..<9 {
            var other = try cache.start(tokens(round * 100..<round * 100 + 40))
            cache.checkInvariants(sequences: [other.blocks])
            cache.stop(&other)
        }
        #expect(throws: OutOfBlocks.self) { try cache.start(tokens(900..<941)) }
        var keys = PrefixKeys()
        #expect(cache.match(&keys, tokens: tokens(0..<9), limit: 8).tokens == 8)

        let ended = cache.unpin(pin.id)
        #expect(ended)
        let twice = cache.unpin(pin.id)
        #expect(!twice)
        #expect(cache.gauges.pinned == 0)
        _ = try cache.start(tokens(900..<948))
        keys = PrefixKeys()
        #expect(cache.match(&keys, tokens: tokens(0..<9), limit: 8).tokens == 0)
    }

    @Test func `end with their time`() throws {
        var cache = try cache()
        var first = try cache.start(tokens(0..<8))
        cache.stop(&first)
        _ = try cache.pin(tokens(0..<8), for: .seconds(10), now: .seconds(5))
        cache.refresh(now: .seconds(14))
        #expect(cache.gauges.pinned == 2)
        cache.refresh(now: .seconds(15))
        #expect(cache.gauges == CacheGauges(used: 0, cached: 2, free: 10))
    }

    @Test func `that are over make room for others, also where nothing runs`() throws {
        var cache = try cache(share: 0.25)
        for start: UInt32 in [0, 100] {
            var running = try cache.start(tokens(start..<start + 8))
            cache.stop(&running)
        }
        _ = try cache.pin(tokens(0..<8), for: .seconds(10), now: .zero)
        #expect(throws: KVCacheError.self) {
            try cache.pin(tokens(100..<108), now: .seconds(9))
        }
        let pin = try cache.pin(tokens(100..<108), now: .seconds(10))
        #expect(pin.tokens == 8)
        #expect(cache.gauges == CacheGauges(used: 2, cached: 2, free: 8, pinned: 2))
    }

    @Test func `take no more than their share`() throws {
        var cache = try cache(share: 0.25)
        var first = try cache.start(tokens(0..<16))
        cache.stop(&first)
        let pin = try cache.pin(tokens(0..<8), now: .zero)
        let error = #expect(throws: KVCacheError.self) {
            try cache.pin(tokens(0..<16), now: .zero)
        }
        #expect(error?.code == .pinLimit)
        #expect(error?.message.contains("4 blocks, 2 are pinned and 3 may be") == true)
        _ = cache.unpin(pin.id)
        #expect(throws: KVCacheError.self) { try cache.pin(tokens(0..<16), now: .zero) }
        cache.checkInvariants(sequences: [])
    }

    @Test func `leave room for the longest sequence`() throws {
        var cache = try makeCache(
            [.full], blockSize: 4, blocks: 13, length: 40,
            configuration: CacheConfiguration(pinnedShare: 1))
        var first = try cache.start(tokens(0..<16))
        cache.stop(&first)
        _ = try cache.pin(tokens(0..<8), now: .zero)
        let error = #expect(throws: KVCacheError.self) {
            try cache.pin(tokens(0..<12), now: .zero)
        }
        #expect(error?.code == .pinLimit)
        let longest = try cache.start(repeated(9, 40))
        cache.checkInvariants(sequences: [longest.blocks])
    }

    @Test func `must be cached`() throws {
        var cache = try cache()
        let error = #expect(throws: KVCacheError.self) {
            try cache.pin(tokens(0..<8), now: .zero)
        }
        #expect(error?.code == .notCached)
        var first = try cache.start(tokens(0..<8))
        cache.stop(&first)
        #expect(throws: KVCacheError.self) {
            try cache.pin(tokens(0..<8), scope: PrefixScope(salt: "other"), now: .zero)
        }
        #expect(throws: KVCacheError.self) { try cache.pin(tokens(0..<3), now: .zero) }
    }

    @Test func `are dropped by a reset, which others' use of their blocks prevents`() throws {
        var cache = try cache()
        var first = try cache.start(tokens(0..<9))
        _ = try cache.pin(tokens(0..<8), now: .zero)
        _ = try cache.pin(tokens(0..<4), now: .zero)
        let early = cache.reset()
        #expect(!early)
        #expect(cache.gauges.pinned == 3)
        cache.stop(&first)
        let late = cache.reset()
        #expect(late)
        #expect(cache.gauges == CacheGauges(used: 0, cached: 0, free: 12))
        cache.checkInvariants(sequences: [])
    }

    @Test func `keep the window alone in a group that has one`() throws {
        var cache = try cache(spans: [.slidingWindow(5)])
        var first = try cache.start(tokens(0..<16))
        cache.stop(&first)
        let pin = try cache.pin(tokens(0..<16), now: .zero)
        #expect(pin.tokens == 16)
        #expect(cache.gauges.pinned == 1)
        cache.checkInvariants(sequences: [])
    }
}
