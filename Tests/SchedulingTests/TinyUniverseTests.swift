import FakeExecutor
import KVCache
import QuireIdentifiers
import Scheduling
import Testing

/// Four blocks, three requests: every order of events up to a depth.
@Suite struct `A tiny universe, exhaustively` {
    /// A setting and how many different ends it has at least.
    struct Universe: CustomTestStringConvertible, Sendable {
        var setting: Setting
        var testDescription: String { setting.testDescription }
    }

    static let universes = [
        Universe(setting: Setting(order: .fcfs, admission: .reserve, caching: true)),
        Universe(
            setting: Setting(
                order: .fcfs, admission: .fixedWatermark(headroom: 0), caching: true)),
        Universe(
            setting: Setting(
                order: .priority, admission: .fixedWatermark(headroom: 0), caching: false)),
        Universe(setting: Setting(order: .priority, admission: .watermark, caching: true)),
        Universe(setting: Setting(order: .fair, admission: .watermark, caching: true)),
        Universe(setting: Setting(order: .prefix, admission: .watermark, caching: true)),
        Universe(setting: Setting(order: .staticBatches, admission: .reserve, caching: false)),
    ]

    @Test(arguments: universes)
    func `every path ends with all blocks back`(universe: Universe) throws {
        let setting = universe.setting
        let scheduler = try Scheduler(
            layout: makeLayout(blockSize: 1, blocks: 5, length: 4),
            configuration: bounds(
                tokens: 3, outputs: 2, chunk: 2, running: 2, order: setting.order,
                admission: setting.admission, caching: setting.caching))
        var ends: Set<String> = []
        try explore(scheduler, submitted: 0, depth: 8, path: "", &ends)
        #expect(ends.count > 100)
    }

    /// Requests 0 and 1 begin alike; 2 is of a better class and another tenant.
    private func request(_ id: UInt64) -> Request {
        Request(
            id: SequenceID(id), prompt: id == 2 ? [5, 6] : [5, 5],
            maxTokens: id == 0 ? 2 : 1, priority: id == 2 ? 0 : 1, tenant: id == 2 ? "b" : "a")
    }

    /// Tries every next event: a submission, a step, a failed step, a stop, a fork, a reset, or
    /// a cancellation.
    private func explore(
        _ scheduler: Scheduler, submitted: UInt64, depth: Int, path: String,
        _ ends: inout Set<String>
    ) throws {
        scheduler.checkInvariants()
        if scheduler.isIdle, submitted == 3 {
            let gauges = scheduler.cache.gauges
            #expect(gauges.cached + gauges.free == 4 || path.contains("a"), "\(path)")
            ends.insert(path)
            return
        }
        guard depth > 0 else { return }
        func go(_ next: Scheduler, _ event: String, submitted more: UInt64 = 0) throws {
            try explore(
                next, submitted: submitted + more, depth: depth - 1, path: path + event, &ends)
        }
        var next = scheduler
        if submitted < 3 {
            try next.submit(request(submitted), now: .zero)
            try go(next, "s", submitted: 1)
        }
        for state in Array(scheduler.running) + Array(scheduler.waiting) {
            next = scheduler
            let cancelled = next.cancel(state.id)
            #expect(cancelled)
            try go(next, "c\(state.id)")
        }
        guard !scheduler.isIdle else { return }
        next = scheduler
        let rows = next.plan(now: .zero).rows
        #expect(!rows.isEmpty, "\(path): work waits and nothing is planned")
        let planned = next
        next.complete(rows.map { $0.samples ? .sampled(7) : .advanced })
        try go(next, "p")
        next = planned
        next.complete(rows.map { _ in .finished(.stop) })
        try go(next, "x")
        guard depth > 2 else { return }
        next = planned
        next.abandon()
        try go(next, "a")
        next = scheduler
        let reset = next.resetPrefixCache(preemptRunning: true)
        if reset { try go(next, "r") }
    }
}
