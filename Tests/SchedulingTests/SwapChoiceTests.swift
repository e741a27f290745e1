import KVCache
import QuireIdentifiers
import Testing

@testable import Scheduling

/// Swap or recompute: the bytes there and back against the step-time model.
struct SwapChoiceTests {
    /// A scheduler whose one request has computed 64 tokens at a millisecond each.
    private func scheduler(hostSlots: Int, fitted: Bool = true) throws -> (Scheduler, Int) {
        var configuration = bounds(tokens: 8, outputs: 8, chunk: 8, running: 4)
        configuration.cache.hostSlots = hostSlots
        var scheduler = try Scheduler(
            layout: makeLayout([.full], blockSize: 4, blocks: 40, length: 100, chunk: 8),
            configuration: configuration)
        try scheduler.submit(
            Request(id: SequenceID(1), prompt: distinctTokens(80), maxTokens: 4), now: .zero)
        for _ in 0..<8 {
            let plan = scheduler.plan(now: .zero)
            scheduler.complete(plan.rows.map { _ in .advanced })
        }
        for tokens in fitted ? [1, 9, 30, 200, 64, 17, 128, 5] : [] {
            scheduler.stepTime.observe(
                tokens: tokens, attended: tokens * tokens / 2, seconds: Double(tokens) / 1000)
        }
        return (scheduler, scheduler.batch[0])
    }

    @Test func `pages are moved where that is faster than computing`() throws {
        var (scheduler, slot) = try scheduler(hostSlots: 40)
        let bytes = 2 * Double(16 * scheduler.cache.layout.pageBytes)
        // 64 tokens take 64 ms.
        scheduler.copyBandwidth = bytes / 0.055
        #expect(scheduler.preemptionMethod(slot, .blocks) == .swap)
        scheduler.copyBandwidth = bytes / 0.075
        #expect(scheduler.preemptionMethod(slot, .blocks) == .recompute)
    }

    @Test func `without a tier, or for a reset, there is nothing to move to`() throws {
        let (none, slot) = try scheduler(hostSlots: 0)
        #expect(none.preemptionMethod(slot, .blocks) == .recompute)
        let (some, other) = try scheduler(hostSlots: 40)
        #expect(some.preemptionMethod(other, .reset) == .recompute)
    }

    @Test func `before the machine is known, moving is taken to be cheaper`() throws {
        let (scheduler, slot) = try scheduler(hostSlots: 40, fitted: false)
        #expect(scheduler.preemptionMethod(slot, .blocks) == .swap)
    }
}
