import QuireIdentifiers
import Testing

@testable import KVCache

/// Rows C15 and C18 to C22: what is told about the cache.
@Suite struct `Events of the cache` {
    private func cache(
        blocks: Int, blockSize: Int = 16, spans: [AttentionSpan] = [.full], events: Bool = true
    ) throws -> PagedCache {
        try makeCache(
            spans, blockSize: blockSize, blocks: blocks, length: blockSize,
            configuration: CacheConfiguration(recordsEvents: events))
    }

    private func stored(_ event: KVEvent) throws -> KVEvent.Stored {
        guard case .stored(let stored) = event else { throw OutOfBlocks() }
        return stored
    }

    /// C18
    @Test(arguments: [2, 3, 10])
    func `blocks are stored together, removed one by one, and cleared at once`(
        count: Int
    ) throws {
        var cache = try cache(blocks: count + 1)
        let text = tokens(0..<UInt32(16 * count))
        var first = try cache.start(text)
        var events = cache.takeEvents()
        #expect(events.count == 1)
        let event = try stored(events[0])
        #expect(event.keys == first.keys.keys)
        #expect(event.keys.count == count)
        #expect(event.parent == nil)
        #expect(event.tokens == text)
        #expect(event.blockSize == 16)
        #expect(event.medium == .device)
        #expect(cache.takeEvents() == [])
        cache.stop(&first)
        #expect(cache.takeEvents() == [], "what is released stays cached")

        var second = try cache.start(text, limit: 0)
        events = cache.takeEvents()
        #expect(events.count == count + 1)
        let removed = events.prefix(count).map { event -> [BlockKey] in
            guard case .removed(let keys, 0, .device) = event else { return [] }
            return keys
        }
        #expect(removed == first.keys.keys.reversed().map { [$0] }, "tails first")
        #expect(try stored(events[count]).keys == first.keys.keys)

        cache.stop(&second)
        let reset = cache.reset()
        #expect(reset)
        #expect(cache.takeEvents() == [.cleared])
        #expect(cache.index.blockCount == 0)
    }

    /// C19
    @Test func `a block behind a window has its logical parent`() throws {
        var cache = try cache(blocks: 9, blockSize: 1, spans: [.slidingWindow(1)])
        var running = try cache.start([10, 11])
        cache.trim(&running.blocks, computed: 2)
        #expect(running.ids() == [0, 0])
        _ = cache.takeEvents()
        #expect(cache.append([12, 13], to: &running))
        let event = try stored(try #require(cache.takeEvents().first))
        #expect(event.parent == running.keys.keys[1])
        #expect(event.keys == Array(running.keys.keys[2...]))
        #expect(!cache.index.isRegistered(.null))
    }

    /// C20
    @Test func `events name the scope`() throws {
        var cache = try cache(blocks: 5)
        let scope = PrefixScope(salt: "tenant", adapter: "poems")
        _ = try cache.start(repeated(1, 40), scope: scope)
        #expect(try stored(cache.takeEvents()[0]).scope == scope)
    }

    /// C21
    @Test func `events name the cache group`() throws {
        var cache = try cache(blocks: 9, spans: [.full, .slidingWindow(40)])
        var first = try cache.start(repeated(1, 40))
        var events = cache.takeEvents()
        #expect(try events.map { try stored($0).group } == [0, 1])
        #expect(try events.allSatisfy { try stored($0).keys == first.keys.keys })
        cache.stop(&first)
        _ = try cache.start(repeated(2, 64))
        events = cache.takeEvents()
        let groups = events.compactMap { event -> Int? in
            if case .removed(_, let group, _) = event { group } else { nil }
        }
        #expect(groups.sorted() == [0, 0, 1, 1])
    }

    /// C22
    @Test func `what is cached can be told again`() throws {
        var cache = try cache(blocks: 9, blockSize: 4, spans: [.full, .slidingWindow(9)])
        var running = try cache.start(tokens(0..<12))
        running.tokens += [12, 13, 14, 15]
        _ = cache.takeEvents()
        let before = cache.pool.free.blocks
        cache.repeatStored(running.blocks, running.keys, tokens: running.tokens, group: 1)
        let events = cache.takeEvents()
        #expect(events.count == 1)
        let event = try stored(events[0])
        #expect(event.keys.count == 3)
        #expect(event.tokens == tokens(0..<12))
        #expect(event.parent == nil)
        #expect(event.group == 1)
        #expect(cache.pool.free.blocks == before)

        cache.repeatStored(running.blocks, running.keys, tokens: running.tokens, group: 2)
        let empty = cache.makeSequence()
        cache.repeatStored(empty, PrefixKeys(), tokens: [], group: 0)
        #expect(cache.takeEvents() == [])
    }

    /// C15, of the events: the statistics are the scheduler's counters, which are always kept.
    @Test func `without a listener nothing is recorded`() throws {
        var cache = try cache(blocks: 5, events: false)
        var running = try cache.start(repeated(1, 40))
        cache.repeatStored(running.blocks, running.keys, tokens: running.tokens, group: 0)
        cache.stop(&running)
        _ = cache.reset()
        #expect(cache.takeEvents() == [])
    }

    @Test func `duplicates are told once`() throws {
        var cache = try cache(blocks: 9)
        var first = try cache.start(repeated(1, 33), limit: 0)
        var second = try cache.start(repeated(1, 33), limit: 0)
        #expect(cache.takeEvents().count == 1)
        #expect(cache.index.blockCount == 4)
        cache.stop(&first)
        #expect(cache.index.blockCount == 2, "what another block holds need not be kept")
        #expect(cache.gauges == CacheGauges(used: 3, cached: 0, free: 5))
        cache.stop(&second)
        #expect(cache.gauges == CacheGauges(used: 0, cached: 2, free: 6))
        #expect(cache.takeEvents() == [], "both blocks can still be hit")
        _ = try cache.start(repeated(2, 96))
        #expect(try cache.takeEvents().map { try stored($0).keys.count } == [6])
        cache.stop(&second)
    }

    @Test func `of a free block and its new duplicate one is kept, as used now`() throws {
        var cache = try cache(blocks: 9)
        for token: UInt32 in [1, 2, 1] {
            var running = try cache.start(repeated(token, 16), limit: 0)
            cache.stop(&running)
        }
        #expect(cache.gauges.cached == 2)
        #expect(cache.pool.free.blocks.suffix(2) == [2, 1])
        cache.checkInvariants(sequences: [])
    }

    @Test func `a step that failed takes back what it told`() throws {
        var cache = try cache(blocks: 9)
        let running = try cache.start(repeated(1, 33), settling: false)
        let told = try stored(cache.takeEvents()[0]).keys
        cache.abandonPending()
        let removed = cache.takeEvents().map { event -> BlockKey? in
            if case .removed(let keys, _, _) = event { keys.first } else { nil }
        }
        #expect(removed == told.reversed())
        cache.checkInvariants(sequences: [running.blocks])
    }

    /// The child of a block that has just come to the host tier is stored on the device.
    @Test func `a run of blocks is in one medium`() throws {
        var configuration = CacheConfiguration(recordsEvents: true)
        configuration.hostSlots = 8
        var cache = try makeCache(
            [.full], blockSize: 4, blocks: 4, length: 12, configuration: configuration)
        var first = try cache.start(tokens(0..<4))
        cache.stop(&first)
        // It is given up and stored, while nothing else is told.
        var second = try cache.start(tokens(20..<32))
        cache.stop(&second)
        _ = cache.takeEvents()
        var third = try cache.start(tokens(0..<12))
        let mediums = try cache.takeEvents().compactMap { event -> KVEvent.Medium? in
            guard case .stored = event else { return nil }
            let told = try stored(event)
            #expect(told.medium == .device || told.keys.count == 1)
            return told.keys.contains(third.keys.keys[1]) ? told.medium : nil
        }
        #expect(mediums == [.device])
        cache.stop(&third)
    }
}
