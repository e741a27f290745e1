import Testing

@testable import Simulation

@Suite("Targets of a service")
struct ServiceTargetTests {
    @Test func `a target is read and written`() throws {
        let target = try ServiceTarget("ttft.p99=2s,itl.p99.9=150ms,e2e.p50=1m")
        #expect(target.firstToken == .init(share: 0.99, seconds: 2))
        #expect(target.interToken?.seconds == 0.15)
        #expect(target.endToEnd == .init(share: 0.5, seconds: 60))
        #expect(
            try ServiceTarget("ttft.p99=2s,itl.p50=150ms").description
                == "ttft.p99=2000ms,itl.p50=150ms")
    }

    @Test(arguments: [
        "", "ttft", "ttft=2s", "ttft.99=2s", "ttft.p99=2", "ttft.p0=2s", "ttft.p101=1s",
        "wait.p99=2s", "ttft.p99=-2s", "ttft.p99=2s,", "ttft.p99=1e300s", "ttft.p99=300h",
        "ttft.p99=2s,ttft.p50=1s",
    ])
    func `what is no target is refused`(text: String) {
        #expect(throws: ServiceError.self) { try ServiceTarget(text) }
    }

    @Test func `a second percentile of one time is told, not put in place of the first`() {
        let error = #expect(throws: ServiceError.self) {
            try ServiceTarget("ttft.p99=2s,itl.p99=1s,ttft.p50=1s")
        }
        #expect(error?.description.contains("ttft is given twice") == true)
    }

    /// What became of a request with eleven tokens, a tenth of whose gaps may be slow.
    private func request(_ end: ServedRequest.End, slowGaps: Int = 0) -> ServedRequest {
        ServedRequest(
            arrival: 0, queued: 0, scheduled: 0, firstToken: 1, finished: 2, promptTokens: 1,
            outputTokens: 11, cachedTokens: 0, recomputedTokens: 0, preemptions: 0,
            slowGaps: slowGaps, tenant: 0, replica: 0, end: end)
    }

    @Test func `one slow gap of ten is what p90 spares`() throws {
        let target = try ServiceTarget("itl.p90=1s")
        #expect(target.isKept(by: request(.completed, slowGaps: 1), delivery: 0))
        #expect(!target.isKept(by: request(.completed, slowGaps: 2), delivery: 0))
    }

    @Test(arguments: [(0, true), (1, true), (2, false), (90, false)])
    func `requests that were turned away miss a target of gaps too`(
        missed: Int, isMet: Bool
    ) throws {
        let target = try ServiceTarget("itl.p99=1s")
        let done = Array(repeating: request(.completed), count: 99)
        let times = ServiceSummary.Times(done, [.init(length: 5, count: 990)], delivery: 0)
        #expect(target.isMet(by: times, missed: missed) == isMet)
    }
}
