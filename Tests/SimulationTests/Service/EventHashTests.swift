import Testing

@testable import Simulation

@Suite("The hash of a run's events")
struct EventHashTests {
    private let record = ServedRequest(
        arrival: 1, queued: 2, scheduled: 3, firstToken: 4, finished: 5, promptTokens: 6,
        outputTokens: 7, cachedTokens: 8, recomputedTokens: 9, preemptions: 10, slowGaps: 11,
        tenant: 12, replica: 13, end: .completed)

    private func hash(_ change: (inout ServedRequest) -> Void) -> UInt64 {
        var changed = record
        change(&changed)
        var hash = EventHash()
        hash.add(changed, number: 0)
        return hash.value
    }

    @Test func `two runs that differ in anything have two hashes`() {
        let changes: [(inout ServedRequest) -> Void] = [
            { _ in }, { $0.arrival += 1 }, { $0.queued += 1 }, { $0.scheduled = nil },
            { $0.firstToken = nil }, { $0.finished += 1 }, { $0.outputTokens += 1 },
            { $0.cachedTokens += 1 }, { $0.recomputedTokens += 1 }, { $0.preemptions += 1 },
            { $0.slowGaps += 1 }, { $0.tenant += 1 }, { $0.replica += 1 },
            { $0.end = .rejected }, { $0.end = .cancelled }, { $0.end = .failed },
        ]
        #expect(Set(changes.map { hash($0) }).count == changes.count)
    }
}
