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
        "wait.p99=2s", "ttft.p99=-2s", "ttft.p99=2s,",
    ])
    func `what is no target is refused`(text: String) {
        #expect(throws: ServiceError.self) { try ServiceTarget(text) }
    }
}
