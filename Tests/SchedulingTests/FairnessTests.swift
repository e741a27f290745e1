import KVCache
import QuireIdentifiers
import Scheduling
import Testing

/// The bounds of the virtual token counter (Sheng et al., OSDI 2024, lemma 4.3 and theorem 4.4),
/// checked at every step of a simulation with a virtual clock.
@Suite struct `Fair sharing` {
    /// Two clients that always have work, one of which asks for twice as much.
    private static func unequalLoad() -> [Arrival] {
        (0..<600).map { index in
            Arrival(
                time: .milliseconds(index * 25), client: index % 3 == 0 ? "modest" : "greedy",
                input: 40 + index % 7 * 20, output: 20 + index % 5 * 10)
        }
    }

    @Test func `two clients at one to two get the same service`() throws {
        var simulation = try FairSimulation(.fair, Self.unequalLoad())
        try simulation.run()
        #expect(simulation.worstCounterGap <= simulation.counterBound)
        #expect(simulation.worstServiceGap <= 2 * simulation.counterBound)
        #expect(simulation.contendedSteps > 1000, "both had to wait most of the time")
    }

    @Test func `in order of arrival the greedy client breaks the bound`() throws {
        var simulation = try FairSimulation(.fcfs, Self.unequalLoad())
        try simulation.run()
        #expect(simulation.worstServiceGap > 2 * simulation.counterBound)
        #expect(simulation.contendedSteps > 1000)
    }

    @Test func `weights share in their proportion`() throws {
        let arrivals = (0..<900).map { index in
            Arrival(
                time: .milliseconds(index * 20), client: ["one", "two", "four"][index % 3],
                input: 60, output: 30)
        }
        let weights = ["one": 1.0, "two": 2, "four": 4]
        var simulation = try FairSimulation(.fair, arrivals, weights: weights)
        try simulation.run(until: { $0.contendedSteps == 1000 })
        // Service is counted over the weight.
        let served = simulation.service
        #expect(served.count == 3)
        let mean = served.values.reduce(0, +) / 3
        for (client, service) in served { #expect(abs(service / mean - 1) < 0.1, "\(client)") }
        #expect(simulation.worstServiceGap <= 2 * simulation.counterBound)
    }

    @Test func `who was away cannot catch up on what it did not ask for`() throws {
        // `late` comes when `early` has had service for a long time.
        let arrivals =
            (0..<400).map {
                Arrival(time: .milliseconds($0 * 25), client: "early", input: 80, output: 40)
            }
            + (0..<200).map {
                Arrival(
                    time: .milliseconds(6_000 + $0 * 25), client: "late", input: 80, output: 40)
            }
        var simulation = try FairSimulation(.fair, arrivals)
        try simulation.run()
        #expect(simulation.worstCounterGap <= simulation.counterBound)
        #expect(simulation.worstServiceGap <= 2 * simulation.counterBound)
        #expect(simulation.contendedSteps > 300)
    }

    @Test func `a head that does not fit holds back all tenants`() throws {
        var scheduler = try Scheduler(
            layout: makeLayout(blocks: 11, length: 160),
            configuration: bounds(order: .fair, admission: .reserve, caching: false))
        try scheduler.submit(request(0, 100, maxTokens: 10, tenant: "a"), now: .zero)
        _ = scheduler.step()
        try scheduler.submit(request(1, 100, maxTokens: 10, tenant: "b"), now: .zero)
        #expect(scheduler.step().rows.map(\.sequence.rawValue) == [0])
        try scheduler.submit(request(2, 4, maxTokens: 2, tenant: "a"), now: .zero)
        #expect(scheduler.step().rows.map(\.sequence.rawValue) == [0])
        #expect(scheduler.waitReason(of: SequenceID(1)) == .blocks)
        #expect(scheduler.waitReason(of: SequenceID(2)) == .fairness)
    }

    @Test func `cached tokens may be cheaper`() throws {
        for (cached, expected) in [(nil as Double?, 64.0), (0.25, 16.25)] {
            var scheduler = try Scheduler(
                layout: makeLayout(),
                configuration: bounds(
                    order: .fair(FairPrices(input: 1, cached: cached, output: 0))))
            let prompt = distinctTokens(64)
            for id in 0..<2 as Range<UInt64> {
                try scheduler.submit(
                    Request(
                        id: SequenceID(id), prompt: prompt, maxTokens: 16, tenant: "\(id)"),
                    now: .zero)
                while !scheduler.isIdle { _ = scheduler.step() }
            }
            // The second tenant starts from the first one's counter, and finds 63 tokens cached.
            let counter = try #require(scheduler.fairCounter(of: "1"))
            #expect(counter - 64 == (cached == nil ? expected : 1 + 63 * 0.25))
        }
    }
}
