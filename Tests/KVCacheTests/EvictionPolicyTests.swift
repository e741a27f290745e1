import QuireIdentifiers
import TestSupport
import Testing

@testable import KVCache

/// For every policy: a trace of accesses, and in which order the blocks go then.
@Suite struct `Eviction policies` {
    /// Which keys go, one by one, when new keys push them out of a full cache.
    ///
    /// The newcomers are never used again, so only the keys of the trace are listed.
    private func victims(
        _ policy: EvictionPolicy, capacity: Int, trace: [UInt64]
    ) -> [UInt64] {
        var replay = PrefixCacheReplay(capacity: capacity, policy: policy)
        for key in trace { _ = replay.access(key) }
        var resident = trace.reduce(into: [UInt64]()) { keys, key in
            if replay.holds(key), !keys.contains(key) { keys.append(key) }
        }
        var gone: [UInt64] = []
        var newcomer: UInt64 = 1_000
        while !resident.isEmpty, newcomer < 1_000 + 100 {
            _ = replay.access(newcomer)
            newcomer += 1
            gone += resident.filter { !replay.holds($0) }
            resident.removeAll { !replay.holds($0) }
        }
        return gone + resident.sorted()
    }

    @Test(arguments: [
        // The last use counts.
        (EvictionPolicy.lru, 4, [1, 2, 3, 4, 1, 2], [3, 4, 1, 2]),
        (.lru, 3, [1, 2, 3, 1, 1, 1, 2, 3], [1, 2, 3]),
        // Uses count, and among equals the last one: 1 stays though it was used first, and the
        // newcomers push each other out. LRU would give up 1 first.
        (.lfu, 3, [1, 1, 1, 2, 2, 3], [3, 1, 2]),
        (.lfu, 4, [1, 1, 2, 2, 3, 4, 3, 4], [1, 2, 3, 4]),
        // The first use counts, whatever follows.
        (.fifo, 4, [4, 3, 2, 1, 4, 4, 3], [4, 3, 2, 1]),
        // One in ten passes the small queue: 1 and 2 were used in it and move on, 3 was not.
        (.s3fifo, 3, [1, 2, 3, 1, 2], [3, 1, 2]),
        // Equal costs: uses, aged by what went before. 3 goes at value 1, then newcomers have
        // value 2, as 2 has, which is older; then they have 3, as 1.
        (.cost, 3, [1, 1, 1, 2, 2, 3], [3, 2, 1]),
        // Equal priorities: the last use counts.
        (.priority, 4, [1, 2, 3, 4, 1, 2], [3, 4, 1, 2]),
    ])
    func `who goes first follows from the trace`(
        policy: EvictionPolicy, capacity: Int, trace: [UInt64], order: [UInt64]
    ) {
        #expect(victims(policy, capacity: capacity, trace: trace) == order, "\(policy)")
    }

    @Test func `lfu is not lru`() {
        let trace: [UInt64] = [1, 1, 1, 2, 3]
        #expect(victims(.lru, capacity: 3, trace: trace).first == 1)
        #expect(victims(.lfu, capacity: 3, trace: trace).first == 2)
    }

    @Test func `a scan does not push out what is used, under s3fifo`() {
        var hits: [String: Int] = [:]
        for policy in EvictionPolicy.all {
            var replay = PrefixCacheReplay(capacity: 100, policy: policy)
            for round in 0..<20 as Range<UInt64> {
                for _ in 0..<2 { for key in 0..<50 as Range<UInt64> { _ = replay.access(key) } }
                for key in 0..<200 as Range<UInt64> {
                    _ = replay.access(10_000 + round * 200 + key)
                }
            }
            hits[policy.name] = replay.hits
            #expect(replay.lookups == 20 * 300)
            #expect(replay.evictions == replay.lookups - replay.hits - 100)
        }
        // LRU loses the 50 keys to every scan; the others that count uses keep them.
        #expect(hits["lru"] == 20 * 50)
        #expect(hits["lfu"] == 20 * 100 - 50)
        #expect(hits["s3fifo"] ?? 0 > 20 * 90)
    }

    @Test func `policies have names`() {
        #expect(
            EvictionPolicy.all.map(\.name) == [
                "lru", "lfu", "fifo", "s3fifo", "cost", "priority", "adaptive",
            ])
        for policy in EvictionPolicy.all { #expect(EvictionPolicy(name: policy.name) == policy) }
        #expect(EvictionPolicy(name: "belady") == nil)
    }

    @Test(arguments: EvictionPolicy.all)
    func `no block goes before a block that continues it`(policy: EvictionPolicy) throws {
        var random = SeededGenerator(seed: 11)
        var cache = try makeCache(
            [.full], blockSize: 2, blocks: 41, length: 16,
            configuration: CacheConfiguration(eviction: policy))
        for _ in 0..<400 {
            let count = Int.random(in: 2...16, using: &random)
            let text = (0..<count).map { _ in TokenID(UInt32.random(in: 0..<2, using: &random)) }
            var running = try cache.start(text)
            cache.stop(&running)
            cache.checkInvariants(sequences: [])
            // A block whose parent has none on the device could never be hit.
            for block in 1..<cache.pool.blockCount
            where cache.index.isRegistered(.init(UInt32(block))) {
                let node = cache.index.blocks[block].node
                let parent = cache.index.nodes[node.index].parent
                #expect(
                    parent == .sharedRoot || cache.index.block(of: parent, group: 0) != nil,
                    "\(policy)")
            }
        }
    }

    @Test func `a block that is dear to compute outlives one that is cheap, under cost`() throws {
        func survivors(_ policy: EvictionPolicy) throws -> [Bool] {
            var cache = try makeCache(
                [.full], blockSize: 4096, blocks: 6, length: 4096,
                configuration: CacheConfiguration(eviction: policy))
            // Three blocks of one long prompt, the last at position 8,192: twice the cost of the
            // first. Then two short prompts, later.
            var long = try cache.start(repeated(1, 3 * 4096))
            cache.stop(&long)
            for token: UInt32 in [2, 3] {
                var short = try cache.start(repeated(token, 4096))
                cache.stop(&short)
            }
            // Two blocks are needed.
            var other = try cache.start(repeated(4, 4096) + repeated(5, 4095))
            cache.stop(&other)
            var keys = PrefixKeys()
            let match = cache.match(&keys, tokens: repeated(1, 3 * 4096), limit: 3 * 4096)
            return (0..<3).map { $0 < match.fullBlocks }
        }
        #expect(try survivors(.lru) == [true, false, false])
        #expect(try survivors(.cost) == [true, true, true])
    }
}
