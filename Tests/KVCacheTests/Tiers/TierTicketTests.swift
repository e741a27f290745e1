import QuireIdentifiers
import Testing

@testable import KVCache

/// What is under way between the tiers ends by its ticket: in any order, once, and with its step.
struct TierTicketTests {
    private static func cache(blocks: Int, slots: Int, records: Int = 0) throws -> PagedCache {
        let layout = try KVPlanner(
            geometry: KVGeometry(spans: [.full], kvHeads: 1, headDim: 2), blockSize: 4,
            maxModelLength: 4
        ).plan(blockCount: blocks)
        var configuration = CacheConfiguration(seed: 5, hostSlots: slots)
        configuration.fileRecords = records
        return PagedCache(layout: layout, configuration: configuration)
    }

    /// Fills the cache with blocks that can be hit, then gives them up.
    private static func filled(
        blocks: Int, slots: Int, records: Int = 0
    ) throws -> PagedCache {
        var cache = try cache(blocks: blocks, slots: slots, records: records)
        let count = UInt32(4 * (blocks - 1))
        for start: UInt32 in [0, 100] {
            var running = try cache.start(tokens(start..<start + count))
            cache.stop(&running)
        }
        return cache
    }

    @Test(arguments: [0, 1, 2]) func `operations of the file may end in any order`(seed: Int) throws
    {
        var cache = try Self.filled(blocks: 7, slots: 8, records: 20)
        let writes = cache.takeOperations()
        #expect(writes.count == 6 && Set(writes.map(\.ticket)).count == 6)
        let ended = [writes.reversed(), Array(writes[3...] + writes[..<3]), writes][seed]
        for (place, operation) in ended.enumerated() {
            #expect(cache.isMovingFiles)
            cache.complete([TierCompletion(operation, succeeded: place % 3 != 2)])
            cache.checkInvariants(sequences: [])
        }
        #expect(!cache.isMovingFiles && cache.tierStatistics.hostPinned == 0)
        #expect(cache.tierStatistics.written == 4 && cache.tierStatistics.unwritten == 2)
        #expect(cache.tierStatistics.fileUsed == 4)
    }

    @Test func `an operation that ends twice is a broken invariant`() async {
        await #expect(processExitsWith: .failure) {
            var cache = try TierTicketTests.filled(blocks: 4, slots: 8, records: 20)
            let done = cache.takeOperations().prefix(1).map {
                TierCompletion($0, succeeded: true)
            }
            cache.complete(done)
            cache.complete(done)
        }
    }

    @Test func `a store of the next step does not end with this one`() throws {
        var cache = try Self.cache(blocks: 4, slots: 8)
        var first = try cache.start(tokens(0..<12))
        cache.stop(&first)
        var running = try cache.start(tokens(100..<104), settling: false)
        var transfers: [BlockTransfer] = []
        cache.takeTransfers(into: &transfers)
        #expect(transfers.count == 1)
        var next = try cache.start(tokens(200..<204), settling: false)
        cache.settle()
        #expect(cache.tierStatistics.stored == 1 && cache.tierStatistics.hostPinned == 1)
        cache.checkInvariants(sequences: [running.blocks, next.blocks])
        cache.step()
        #expect(cache.tierStatistics.stored == 2 && cache.tierStatistics.hostPinned == 0)
        cache.stop(&running)
        cache.stop(&next)
        cache.checkInvariants(sequences: [])
    }

    @Test func `a sequence that is swapped out while a step runs waits for the next`() throws {
        var cache = try Self.cache(blocks: 8, slots: 8)
        var running = try cache.start(tokens(0..<10))
        var other = try cache.start(tokens(100..<104), settling: false)
        var transfers: [BlockTransfer] = []
        cache.takeTransfers(into: &transfers)
        let swapped = cache.swapOut(&running.blocks, computed: 10)
        let id = try #require(swapped)
        cache.settle()
        var result = cache.swapIn(id, &running.blocks)
        #expect(result == .storing)
        cache.step()
        result = cache.swapIn(id, &running.blocks)
        #expect(result == .restored(tokens: 10))
        cache.step()
        cache.checkInvariants(sequences: [running.blocks, other.blocks])
        #expect(cache.tierStatistics.hostPinned == 0)
        cache.stop(&running)
        cache.stop(&other)
    }

    @Test func `a load that nobody wants gives its pin back though others go on`() throws {
        var cache = try Self.cache(blocks: 9, slots: 16)
        for start: UInt32 in [0, 100, 200, 300] {
            var running = try cache.start(tokens(start..<start + 16))
            cache.stop(&running)
        }
        var kept = try cache.start(tokens(0..<16), limit: 15, settling: false)
        var gone = try cache.start(tokens(100..<116), limit: 15, settling: false)
        #expect(kept.match.loads == 3 && gone.match.loads == 3)
        var transfers: [BlockTransfer] = []
        cache.takeTransfers(into: &transfers)
        cache.abandonPending()
        #expect(cache.tierStatistics.hostPinned == 6)
        cache.stop(&gone)
        cache.dropOrphanedCopies()
        #expect(cache.tierStatistics.hostPinned == 3)
        cache.checkInvariants(sequences: [kept.blocks])
        cache.step()
        #expect(cache.tierStatistics.hostPinned == 0)
        cache.stop(&kept)
        cache.checkInvariants(sequences: [])
    }
}
