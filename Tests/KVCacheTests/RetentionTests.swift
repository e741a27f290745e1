import QuireIdentifiers
import Testing

@testable import KVCache

/// Retention priorities and durations, with a clock that the test sets.
@Suite struct `Retention` {
    private func cache(policy: EvictionPolicy = .priority) throws -> PagedCache {
        try makeCache(
            [.full], blockSize: 4, blocks: 7, length: 8,
            configuration: CacheConfiguration(eviction: policy))
    }

    /// Caches a prompt of one whole block.
    private func store(
        _ token: UInt32, _ cache: inout PagedCache, priority: Int? = nil,
        duration: Duration? = nil
    ) throws {
        let plan = try priority.map {
            try RetentionPlan(
                ranges: [.init(start: 0, priority: $0, duration: duration)], promptTokens: 5)
        }
        var running = try cache.start(repeated(token, 5), retention: plan)
        cache.stop(&running)
        cache.checkInvariants(sequences: [])
    }

    /// In which order the cached prompts go when blocks are needed.
    private func order(_ cache: PagedCache, _ tokens: [UInt32]) throws -> [UInt32] {
        var cache = cache
        var left = tokens
        var gone: [UInt32] = []
        var held: [Running] = []
        while !left.isEmpty {
            held.append(try cache.start(repeated(500 + UInt32(held.count), 3)))
            let hit = left.filter { token in
                var keys = PrefixKeys()
                return cache.match(&keys, tokens: repeated(token, 4), limit: 4).tokens > 0
            }
            gone += left.filter { !hit.contains($0) }
            left = hit
        }
        cache.checkInvariants(sequences: held.map(\.blocks))
        return gone
    }

    @Test func `the lowest priority goes first, and among equals the least recent`() throws {
        var cache = try cache()
        try store(1, &cache, priority: 80)
        try store(2, &cache, priority: 10)
        try store(3, &cache)
        try store(4, &cache, priority: 10)
        try store(5, &cache, priority: 35)
        #expect(try order(cache, [1, 2, 3, 4, 5]) == [2, 4, 3, 5, 1])
        // A hit makes it the most recent of its priority, and keeps the priority.
        try store(2, &cache)
        #expect(try order(cache, [1, 2, 3, 4, 5]) == [4, 2, 3, 5, 1])
        // A request with a plan changes it.
        try store(1, &cache, priority: 0)
        #expect(try order(cache, [1, 2, 3, 4, 5]) == [1, 4, 2, 3, 5])
    }

    @Test func `other policies take no notice`() throws {
        var cache = try cache(policy: .lru)
        try store(1, &cache, priority: 80)
        try store(2, &cache, priority: 10)
        #expect(try order(cache, [1, 2]) == [1, 2])
    }

    @Test func `a priority ends when its block was unused for its duration`() throws {
        var cache = try cache()
        cache.refresh(now: .seconds(100))
        try store(1, &cache, priority: 80, duration: .seconds(10))
        try store(2, &cache, priority: 50)
        try store(3, &cache)
        cache.refresh(now: .milliseconds(109_999))
        #expect(try order(cache, [1, 2, 3]) == [3, 2, 1])
        // At the end it has the default priority, behind the others that have it.
        cache.refresh(now: .seconds(110))
        #expect(try order(cache, [1, 2, 3]) == [3, 1, 2])
    }

    @Test func `a use starts the duration again`() throws {
        var cache = try cache()
        try store(1, &cache, priority: 80, duration: .seconds(10))
        try store(2, &cache, priority: 50)
        cache.refresh(now: .seconds(9))
        try store(1, &cache)
        cache.refresh(now: .seconds(18))
        #expect(try order(cache, [1, 2]) == [2, 1])
        // While it is held no time passes.
        let held = try cache.start(repeated(1, 5))
        cache.refresh(now: .seconds(60))
        var keep = held
        cache.stop(&keep)
        #expect(try order(cache, [1, 2]) == [2, 1])
        cache.refresh(now: .seconds(70))
        #expect(try order(cache, [1, 2]) == [1, 2])
    }

    @Test func `ranges of the prompt and what is generated have their own`() throws {
        let plan = try RetentionPlan(
            ranges: [
                .init(start: 0, end: 4, priority: 90),
                .init(start: 8, priority: 20, duration: .seconds(3)),
            ], promptTokens: 16, decodePriority: 5, decodeDuration: .seconds(1))
        let expected: [(Int, Int, Duration?)] = [
            (0, 90, nil), (3, 90, nil), (4, 35, nil), (7, 35, nil), (8, 20, .seconds(3)),
            (15, 20, .seconds(3)), (16, 5, .seconds(1)), (99, 5, .seconds(1)),
        ]
        for (position, priority, duration) in expected {
            let retention = plan.retention(at: position)
            #expect(retention.priority == priority)
            #expect(retention.duration == duration)
        }
    }

    @Test func `no block goes before one that continues it, whatever its priority`() throws {
        var cache = try cache()
        let plan = try RetentionPlan(
            ranges: [.init(start: 0, end: 4, priority: 0), .init(start: 4, priority: 100)],
            promptTokens: 12)
        var running = try cache.start(tokens(0..<12), retention: plan)
        cache.stop(&running)
        try store(50, &cache)
        // Of the chain the tail alone may go: the head, which all of it needs, stays.
        let held = try cache.start(repeated(60, 12))
        var keys = PrefixKeys()
        #expect(cache.match(&keys, tokens: tokens(0..<12), limit: 12).fullBlocks == 3)
        keys = PrefixKeys()
        #expect(cache.match(&keys, tokens: repeated(50, 4), limit: 4).fullBlocks == 0)
        cache.checkInvariants(sequences: [held.blocks])
    }

    @Test(arguments: [
        [RetentionPlan.Range(start: 0, end: 4, priority: 101)],
        [.init(start: 0, end: 4, priority: -1)],
        [.init(start: 4, end: 4, priority: 1)],
        [.init(start: 4, end: 8, priority: 1), .init(start: 0, end: 4, priority: 1)],
        [.init(start: 0, end: 5, priority: 1), .init(start: 4, end: 8, priority: 1)],
        [.init(start: 0, priority: 1), .init(start: 4, end: 8, priority: 1)],
    ])
    func `ranges that make no sense are refused`(ranges: [RetentionPlan.Range]) {
        let error = #expect(throws: KVCacheError.self) {
            try RetentionPlan(ranges: ranges, promptTokens: 8)
        }
        #expect(error?.code == .invalidConfiguration)
    }
}
