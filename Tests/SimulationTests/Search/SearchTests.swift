import Scheduling
import Testing

@testable import Simulation

@Suite("Searches for the largest load and the smallest service")
struct SearchTests {
    @Test(arguments: [0.001, 0.7, 1, 3.2, 99, 1000])
    func `bisection finds a border to its precision`(border: Double) {
        var asked = 0
        let found = Bisection.largest(from: 1, in: 1e-6...1e6, precision: 0.01) { value in
            asked += 1
            return value <= border
        }
        #expect(found.map { $0 <= border && $0 >= 0.99 * border } == true)
        #expect(asked < 30)
    }

    @Test func `a border outside of the range is its end or nothing`() {
        #expect(Bisection.largest(from: 1, in: 0.5...8, precision: 0.1) { _ in true } == 8)
        #expect(Bisection.largest(from: 1, in: 0.5...8, precision: 0.1) { _ in false } == nil)
    }

    @Test func `the smallest whole number is exact`() {
        for border in 1...70 {
            let found = Bisection.smallest(in: 1...64) { $0 >= border }
            #expect(found == (border <= 64 ? border : nil))
        }
    }

    /// One request at a time, 100 ms each, at even times: a capacity of 10 a second.
    private func evenTrace() -> Trace {
        let requests = (0..<400).map { number in
            TraceRequest(
                arrival: .milliseconds(250 * number), promptTokens: 10, outputTokens: 1)
        }
        return Trace(name: "even", requests: requests)
    }

    private func oneAtATime(_ target: String) throws -> ServiceSetup {
        var setup = try smallSetup(running: 1)
        var costs = LinearCosts()
        costs.step = 0.1
        setup.costs = costs
        setup.target = try ServiceTarget(target)
        setup.checks = .none
        return setup
    }

    @Test func `the capacity of a toy machine is found`() throws {
        // Above 10 a second the queue grows through the whole trace; 110 ms leave no room for it.
        var search = try ServiceSearch(evenTrace(), oneAtATime("ttft.p99=110ms"))
        let outcome = try search.find(.rate, most: 1)
        let found = try #require(outcome.found)
        #expect(found > 9.85 && found <= 10.05)
        #expect(outcome.probes.first { $0.value == found }?.isMet == true)
        // Goodput falls behind the border: nearly every request is late there.
        let knee = try #require(outcome.knee)
        #expect(knee.value >= 0.9 * found && knee.value <= 1.06 * found)
        #expect(outcome.probes.map(\.value) == outcome.probes.map(\.value).sorted())
    }

    @Test func `a burst that a short trace ends is no rate that is borne`() throws {
        // Forty requests at once wait 4 s at most: a target that any rate meets, with this trace.
        var burst = evenTrace()
        burst.requests = Array(burst.requests.prefix(40))
        var search = try ServiceSearch(burst, oneAtATime("ttft.p99=10s"))
        let found = try #require(try search.find(.rate, most: 1).found)
        #expect(found > 9.5 && found <= 10.01)
        var machines = try ServiceSearch(burst.scaled(toRate: 35), oneAtATime("ttft.p99=10s"))
        #expect(try machines.find(.replicas, most: 16).found == 4)
    }

    @Test func `the fewest machines for a load are found`() throws {
        let trace = try evenTrace().scaled(toRate: 35)
        var search = try ServiceSearch(trace, oneAtATime("ttft.p99=150ms"))
        #expect(try search.find(.replicas, most: 16).found == 4)
        var small = try ServiceSearch(trace, oneAtATime("ttft.p99=150ms"))
        #expect(try small.find(.replicas, most: 3).found == nil)
    }

    @Test func `the smallest cache for a load is found, and one block less is too little`() throws {
        let requests = (0..<60).map { number in
            TraceRequest(arrival: .milliseconds(95 * number), promptTokens: 40, outputTokens: 16)
        }
        let trace = Trace(name: "steady", requests: requests)
        var setup = try smallSetup(blocks: 400, running: 16)
        setup.target = try ServiceTarget("e2e.p90=4s")
        setup.checks = .none
        var search = try ServiceSearch(trace, setup)
        let found = try #require(try search.find(.memory, most: 400).found)
        func isMet(_ blocks: Int) throws -> Bool {
            var other = setup
            other.layout = try smallLayout(blocks: blocks)
            var simulation = try ServiceSimulation(trace, other)
            let isMet = ServiceSummary(simulation.run(), other).isMet == true
            return try isMet && other.capacity(trace) >= #require(trace.rate)
        }
        #expect(try isMet(Int(found)))
        #expect(try Int(found) == 64 || !isMet(Int(found) - 1))
    }

    @Test func `a search needs a target, times and an open loop`() throws {
        let trace = evenTrace()
        #expect(throws: ServiceError.self) { try ServiceSearch(trace, smallSetup()) }
        var setup = try oneAtATime("ttft.p99=1s")
        setup.load = .closed(clients: 2)
        #expect(isRefused(trace, setup))
        setup.load = .open
        var still = trace
        for index in still.requests.indices { still.requests[index].arrival = .zero }
        #expect(isRefused(still, setup))
    }

    @Test func `near saturation a prediction is a range`() throws {
        let setup = try oneAtATime("ttft.p99=1s")
        func range(_ rate: Double) throws -> ServiceRange? {
            let trace = try evenTrace().scaled(toRate: rate)
            var simulation = try ServiceSimulation(trace, setup)
            return try ServiceRange(trace, setup, ServiceSummary(simulation.run(), setup))
        }
        #expect(try range(5) == nil)
        let near = try #require(try range(9.8))
        #expect(near.firstTokenTail.low < 0.11 && near.firstTokenTail.high > 0.5)
    }

    /// Whether there is nothing to search for.
    private func isRefused(_ trace: Trace, _ setup: ServiceSetup) -> Bool {
        do throws(ServiceError) {
            _ = try ServiceSearch(trace, setup)
            return false
        } catch {
            return true
        }
    }
}
