import QuireIdentifiers
import Testing

@testable import KVCache

/// The host tier under the pool: O1 to O7 as the cache uses them.
struct CacheTierTests {
    private static let seed: UInt64 = 5

    private func cache(
        blocks: Int, slots: Int, records: Int = 0, events: Bool = false, bits: Int = 64
    ) throws -> PagedCache {
        let layout = try KVPlanner(
            geometry: KVGeometry(spans: [.full], kvHeads: 1, headDim: 2), blockSize: 4,
            maxModelLength: 4
        ).plan(blockCount: blocks)
        var configuration = CacheConfiguration(
            seed: Self.seed, recordsEvents: events, hostSlots: slots)
        configuration.fileRecords = records
        return PagedCache(layout: layout, configuration: configuration, keyBits: bits)
    }

    /// The transfers of a step that is then done.
    private func step(_ cache: inout PagedCache) -> [BlockTransfer] {
        var transfers: [BlockTransfer] = []
        cache.takeTransfers(into: &transfers)
        cache.settle()
        return transfers
    }

    /// Computes a prompt and lets it go; the transfers of its step.
    @discardableResult
    private func run(_ tokens: [TokenID], _ cache: inout PagedCache) throws -> [BlockTransfer] {
        var running = try cache.start(tokens, settling: false)
        let transfers = step(&cache)
        cache.stop(&running)
        cache.checkInvariants(sequences: [])
        return transfers
    }

    private func hit(_ tokens: [TokenID], _ cache: PagedCache) -> PrefixMatch {
        var keys = PrefixKeys()
        return cache.match(&keys, tokens: tokens, limit: tokens.count)
    }

    @Test func `what is given up is stored before it is written, and loaded when it is hit`() throws
    {
        var cache = try cache(blocks: 4, slots: 8)
        let first = tokens(0..<12)
        #expect(try run(first, &cache).isEmpty)
        // Three blocks are given up, the tail of the chain first.
        #expect(
            try run(tokens(100..<112), &cache)
                == [.store(3, slot: 0), .store(2, slot: 1), .store(1, slot: 2)])
        let match = hit(first, cache)
        #expect(match.tokens == 12 && match.loads == 3 && match.evictableHits == 3)
        var running = try cache.start(first, limit: 8, settling: false)
        #expect(running.match.loads == 2)
        let transfers = step(&cache)
        // Stores of what is given up for them come before the loads into the same blocks.
        #expect(transfers.filter { if case .load = $0 { true } else { false } }.count == 2)
        for (place, transfer) in transfers.enumerated() {
            guard case .load(_, let block) = transfer else { continue }
            let stored = transfers[..<place].contains {
                if case .store(block, _) = $0 { true } else { false }
            }
            #expect(stored)
        }
        cache.checkInvariants(sequences: [running.blocks])
        cache.stop(&running)
        #expect(cache.tierStatistics.hostPinned == 0)
    }

    @Test func `loads are all or nothing`() throws {
        var cache = try cache(blocks: 5, slots: 8)
        try run(tokens(0..<12), &cache)
        var other = try cache.start(tokens(100..<112))
        let before = (cache.gauges, cache.tierStatistics)
        var keys = PrefixKeys()
        let prompt = tokens(0..<12)
        let match = cache.match(&keys, tokens: prompt, limit: 12)
        var blocks = cache.makeSequence()
        let adopted = cache.adopt(match, &blocks, tokens: 12)
        #expect(!adopted && blocks == cache.makeSequence())
        #expect(cache.gauges == before.0 && cache.tierStatistics == before.1)
        cache.checkInvariants(sequences: [other.blocks])
        cache.stop(&other)
    }

    @Test func `events say where a block is, removals before what takes their place`() throws {
        var cache = try cache(blocks: 3, slots: 2, events: true)
        try run(tokens(0..<8), &cache)
        try run(tokens(100..<108), &cache)
        _ = cache.takeEvents()
        try run(tokens(200..<208), &cache)
        let media = cache.takeEvents().map { event -> String in
            switch event {
            case .stored(let stored): "stored \(stored.medium) \(stored.tokens[0])"
            case .removed(_, _, let medium): "removed \(medium)"
            case .cleared: "cleared"
            }
        }
        #expect(
            media == [
                "removed host", "removed device", "removed host", "removed device",
                "stored device 200", "stored host 104", "stored host 100",
            ])
    }

    @Test func `a step that failed has stored nothing, and its loads are made again`() throws {
        var cache = try cache(blocks: 4, slots: 8)
        let first = tokens(0..<12)
        try run(first, &cache)
        try run(tokens(100..<112), &cache)
        var running = try cache.start(first, limit: 8, settling: false)
        var transfers: [BlockTransfer] = []
        cache.takeTransfers(into: &transfers)
        let used = cache.tierStatistics.hostUsed
        cache.abandonPending()
        cache.checkInvariants(sequences: [running.blocks])
        #expect(cache.tierStatistics.hostUsed < used)
        #expect(hit(tokens(100..<112), cache).tokens == 0)
        let again = step(&cache)
        #expect(again == transfers.filter { if case .load = $0 { true } else { false } })
        #expect(!again.isEmpty)
        cache.checkInvariants(sequences: [running.blocks])
        cache.stop(&running)
    }

    @Test func `a reset forgets the tier too`() throws {
        var cache = try cache(blocks: 4, slots: 8)
        let first = tokens(0..<12)
        try run(first, &cache)
        try run(tokens(100..<112), &cache)
        let done = cache.reset()
        #expect(done)
        cache.checkInvariants(sequences: [])
        #expect(hit(first, cache).tokens == 0 && cache.tierStatistics.hostUsed == 0)
    }

    @Test func `a swapped sequence keeps its pages until it is back or discarded`() throws {
        var cache = try cache(blocks: 6, slots: 4)
        var running = try cache.start(tokens(0..<10))
        let swapped = cache.swapOut(&running.blocks, computed: 10)
        let id = try #require(swapped)
        #expect(cache.gauges.used == 0 && running.blocks.liveCount == 0)
        var result = cache.swapIn(id, &running.blocks)
        #expect(result == .storing)
        let stores = step(&cache)
        #expect(stores.count == 3 && cache.tierStatistics.hostPinned == 3)
        // The whole pool is used by another, whose blocks find no slots when they are given up.
        try run(tokens(100..<120), &cache)
        try run(tokens(200..<220), &cache)
        #expect(cache.tierStatistics.hostPinned == 3)
        let reset = cache.reset()
        #expect(!reset)
        result = cache.swapIn(id, &running.blocks)
        #expect(result == .restored(tokens: 10))
        let loads = step(&cache).filter { if case .load = $0 { true } else { false } }
        #expect(loads.count == 3 && cache.tierStatistics.hostPinned == 0)
        // The part that was its own alone has left the tier.
        cache.checkInvariants(sequences: [running.blocks])
        let second = cache.swapOut(&running.blocks, computed: 10)
        let other = try #require(second)
        cache.discard(other)
        _ = step(&cache)
        #expect(cache.tierStatistics.hostPinned == 0)
        cache.checkInvariants(sequences: [])
        #expect(cache.swapIn(other, &running.blocks) == .lost)
    }

    @Test func `a sequence that does not fit the tier is not swapped`() throws {
        var cache = try cache(blocks: 6, slots: 2)
        var running = try cache.start(tokens(0..<10))
        let before = running.blocks
        #expect(cache.swapOut(&running.blocks, computed: 10) == nil)
        #expect(running.blocks == before && cache.tierStatistics.hostUsed == 0)
        cache.stop(&running)
    }

    /// What the file tier was told to write, made to records.
    private func saved(_ cache: inout PagedCache) -> [Int: TierRecord] {
        var records: [Int: TierRecord] = [:]
        for operation in cache.save() {
            switch operation.kind {
            case .save, .write: records[operation.number] = operation.record
            case .read: Issue.record("a read while saving")
            }
            cache.complete([TierCompletion(operation, succeeded: true)])
        }
        cache.checkInvariants(sequences: [])
        return records
    }

    @Test(arguments: [64, 0])
    func `records are saved parents first and found by the next cache`(bits: Int) throws {
        var first = try cache(blocks: 12, slots: 2, records: 20, bits: bits)
        let prompts = [
            tokens(0..<12), tokens(0..<4) + tokens(20..<28), tokens(20..<28) + tokens(20..<24),
        ]
        for prompt in prompts { try run(prompt, &first) }
        let records = saved(&first)
        #expect(records.count == 8)
        for (number, record) in records where record.parent > 0 {
            let parent = records.first { $0.value.serial == record.parent }
            #expect(try #require(parent).key < number)
        }
        var second = try cache(blocks: 12, slots: 4, records: 20, events: true, bits: bits)
        let restored = second.restore(records)
        #expect(restored == 8)
        #expect(second.takeEvents().count == 8, "what was restored is told like what is stored")
        second.checkInvariants(sequences: [])
        for prompt in prompts { #expect(hit(prompt, second).fileBlocks == 3) }
        #expect(hit(tokens(20..<24) + tokens(0..<4), second).fileBlocks == 1)
        #expect(hit(tokens(1..<9), second).fileBlocks == 0)
    }

    @Test func `records that do not fit together are passed over`() throws {
        var first = try cache(blocks: 12, slots: 2, records: 20)
        try run(tokens(0..<12), &first)
        let records = saved(&first)
        #expect(records.count == 3)
        func restored(_ change: (inout [Int: TierRecord]) throws -> Void) throws -> Int {
            var changed = records
            try change(&changed)
            var next = try cache(blocks: 12, slots: 2, records: 20)
            let count = next.restore(changed)
            next.checkInvariants(sequences: [])
            return count
        }
        #expect(try restored { _ in } == 3)
        #expect(try restored { $0[0] = nil } == 0)
        #expect(try restored { $0[1]?.tokens[0] = 99 } == 1)
        #expect(try restored { $0[1]?.scope.salt = "other" } == 1)
        #expect(try restored { $0[1]?.key = BlockKey(high: 1, low: 1) } == 1)
        #expect(try restored { $0[2]?.parent = 1 } == 2)
        #expect(try restored { $0[0]?.parent = 3 } == 0)
        #expect(try restored { $0[1]?.group = 7 } == 1)
        // The same prefix twice: once by another number, once by the same.
        #expect(
            try restored {
                var twin = try #require($0[0])
                twin.serial = 9
                $0[7] = twin
            } == 3)
        #expect(try restored { $0[7] = $0[2] } == 3)
        // A number beyond the capacity.
        #expect(try restored { $0[30] = $0.removeValue(forKey: 2) } == 2)
    }

    @Test func `numbers go on from those of the file`() throws {
        var first = try cache(blocks: 12, slots: 2, records: 20)
        try run(tokens(0..<8), &first)
        let records = saved(&first)
        var second = try cache(blocks: 12, slots: 2, records: 20)
        _ = second.restore(records)
        try run(tokens(50..<58), &second)
        let more = saved(&second)
        #expect(more.count == 2)
        let old = Set(records.values.map(\.serial))
        #expect(old.isDisjoint(with: more.values.map(\.serial)))
        #expect(Set(records.keys).isDisjoint(with: more.keys))
    }
}
