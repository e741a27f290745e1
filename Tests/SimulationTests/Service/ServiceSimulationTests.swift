import KVCache
import Scheduling
import Testing

@testable import Simulation

@Suite("A simulated service")
struct ServiceSimulationTests {
    @Test func `one request takes what its steps cost, to the nanosecond`() throws {
        var setup = try smallSetup()
        var costs = LinearCosts()
        costs.step = 0.010
        costs.prefill = 0.001
        costs.decode = 0.002
        costs.output = 0.0005
        costs.host = 0.003
        costs.arrival = 0.004
        costs.arrivalToken = 0.0001
        costs.deliverySeconds = 0.007
        setup.costs = costs
        let trace = Trace(
            name: "one",
            requests: [TraceRequest(arrival: .seconds(1), promptTokens: 20, outputTokens: 4)])
        var simulation = try ServiceSimulation(trace, setup)
        let result = simulation.run()
        let request = try #require(result.requests.first)
        let queued = ms(1000 + 4 + 2)
        let first = queued + ms(10 + 20) + 500_000
        #expect(request.arrival == ms(1000))
        #expect(request.queued == queued)
        #expect(request.scheduled == queued)
        #expect(request.firstToken == first)
        // Host, then a decode with its output, three times.
        #expect(request.finished == first + 3 * (ms(3 + 10 + 2) + 500_000))
        #expect(request.end == .completed && request.outputTokens == 4)
        #expect(result.gaps == Array(repeating: .init(length: 15_500_000, count: 1), count: 3))
        #expect(result.steps == 4)
        #expect(result.busy == ms(10 + 20) + 500_000 + 3 * (ms(12) + 500_000))
        #expect(result.host == 4 * ms(3))

        let summary = ServiceSummary(result, setup)
        #expect(summary.times.firstToken[0.5] == Double(first - ms(1000) + ms(7)) * 1e-9)
        #expect(summary.times.arrival[1] == 0.006)
        #expect(summary.times.prefill[0] == Double(30_500_000) * 1e-9)
        #expect(summary.times.delivery[0.5] == 0.007)
    }

    @Test func `a long prompt is computed in chunks beside a decode`() throws {
        let setup = try smallSetup()
        let trace = Trace(
            name: "two",
            requests: [
                TraceRequest(promptTokens: 8, outputTokens: 5),
                TraceRequest(arrival: .milliseconds(1), promptTokens: 100, outputTokens: 1),
            ])
        var simulation = try ServiceSimulation(trace, setup)
        let result = simulation.run()
        // Step 1: 8 tokens, 18 ms. Step 2: a decode and 63 of the prompt. Step 3: a decode, 37.
        let second = ms(18 + 10 + 2 + 63)
        let third = second + ms(10 + 2 + 37)
        #expect(result.requests[0].firstToken == ms(18))
        #expect(result.requests[1].scheduled == ms(18))
        #expect(result.requests[1].firstToken == third)
        #expect(result.requests[0].finished == third + ms(2 * 12))
        #expect(
            result.gaps == [
                .init(length: ms(75), count: 1), .init(length: ms(49), count: 1),
                .init(length: ms(12), count: 1), .init(length: ms(12), count: 1),
            ])
    }

    @Test func `equal arguments give equal runs, and another trace another`() throws {
        func hash(_ seed: UInt64) throws -> UInt64 {
            var simulation = try ServiceSimulation(
                randomTrace(200, seed: seed), smallSetup(blocks: 64))
            return simulation.run().hash
        }
        #expect(try hash(1) == hash(1))
        #expect(try hash(1) != hash(2))
        // Over processes: no order of a dictionary and no random seed has a part in it.
        let known = try hash(1)
        #expect(known == 16_347_632_653_252_349_237)
    }

    @Test(arguments: [1, 2, 3, 4, 5, 6])
    func `every request ends once with all of its answer, whatever the pool`(
        seed: UInt64
    ) throws {
        for blocks in [64, 70, 100, 400] {
            let trace = randomTrace(150, seed: seed, rate: 50)
            var simulation = try ServiceSimulation(trace, smallSetup(blocks: blocks))
            let result = simulation.run()
            for (asked, served) in zip(trace.requests, result.requests) {
                #expect(served.end == .completed)
                #expect(served.outputTokens == asked.outputTokens)
                #expect(served.arrival <= served.queued)
                let scheduled = try #require(served.scheduled)
                let first = try #require(served.firstToken)
                #expect(served.queued <= scheduled && scheduled < first)
                #expect(first <= served.finished)
            }
            #expect(result.statistics[0].usedBlocks == 0)
            let tokens = trace.requests.reduce(0) { $0 + $1.outputTokens }
            #expect(result.gaps.reduce(0) { $0 + $1.count } == tokens - trace.requests.count)
            let busy = result.course.intervals.reduce(0) { $0 + $1.busy }
            #expect(abs(busy - Double(result.busy)) < 1e-6 * busy)
            let outputs = result.course.intervals.reduce(0) { $0 + $1.outputTokens }
            #expect(abs(outputs - Double(tokens)) < 1e-6 * outputs)
        }
    }

    @Test func `a closed loop has as many requests under way as clients`() throws {
        let trace = randomTrace(60, seed: 9)
        var setup = try smallSetup(load: .closed(clients: 5))
        var costs = LinearCosts()
        costs.step = 0.010
        costs.deliverySeconds = 0.002
        setup.costs = costs
        var simulation = try ServiceSimulation(trace, setup)
        let result = simulation.run()
        let ends = result.requests.map(\.finished).sorted()
        let starts = result.requests.map(\.arrival).sorted()
        #expect(starts.prefix(5).allSatisfy { $0 == 0 })
        // The next is sent when an answer has been delivered.
        #expect(Array(starts.dropFirst(5)) == ends.prefix(55).map { $0 + ms(2) })
    }

    @Test func `requests with equal blocks share what was computed`() throws {
        let requests = (0..<4).map { number in
            TraceRequest(
                arrival: .seconds(number), promptTokens: 34, outputTokens: 2, blocks: [1, 2, 3])
        }
        let trace = Trace(name: "shared", requests: requests, tokensPerBlock: 10)
        var simulation = try ServiceSimulation(trace, smallSetup())
        let result = simulation.run()
        // 30 tokens are equal; the last four are each request's own.
        #expect(result.requests.map(\.cachedTokens) == [0, 30, 30, 30])
        #expect(result.requests[1].firstToken == ms(1000 + 10 + 4))
    }

    @Test func `who waits too long gives up, and is a miss`() throws {
        var setup = try smallSetup(running: 1)
        setup.patience = .milliseconds(50)
        setup.target = try ServiceTarget("ttft.p50=1s")
        let requests = (0..<4).map { _ in TraceRequest(promptTokens: 20, outputTokens: 10) }
        var simulation = try ServiceSimulation(Trace(name: "late", requests: requests), setup)
        let result = simulation.run()
        #expect(result.requests.map(\.end) == [.completed, .cancelled, .cancelled, .cancelled])
        let summary = ServiceSummary(result, setup)
        #expect(summary.good == 1 && summary.goodShare == 0.25)
        #expect(summary.isMet == false)
    }

    @Test(arguments: [1, 2])
    func `a token that comes after its client has gone is not in time`(output: Int) throws {
        // The step with the first token takes 30 ms, and begins before the client has gone.
        var setup = try smallSetup()
        setup.patience = .milliseconds(29)
        let trace = Trace(
            name: "late", requests: [TraceRequest(promptTokens: 20, outputTokens: output)])
        var simulation = try ServiceSimulation(trace, setup)
        #expect(simulation.run().requests.map(\.end) == [.cancelled])
        setup.patience = .milliseconds(30)
        simulation = try ServiceSimulation(trace, setup)
        #expect(simulation.run().requests.map(\.end) == [.completed])
    }

    @Test func `a service that turns most away does not keep a target of gaps`() throws {
        var setup = try smallSetup(running: 1) { $0.maxWaiting = 1 }
        setup.target = try ServiceTarget("itl.p99=1s")
        let requests = (0..<20).map { _ in TraceRequest(promptTokens: 20, outputTokens: 10) }
        var simulation = try ServiceSimulation(Trace(name: "many", requests: requests), setup)
        let summary = ServiceSummary(simulation.run(), setup)
        #expect((summary.ends[.rejected] ?? 0) > 10)
        #expect(summary.isMet == false)
    }

    @Test func `times and costs that no clock counts are refused`() throws {
        let late = TraceRequest(arrival: .seconds(2e9), promptTokens: 1, outputTokens: 1)
        #expect(throws: ServiceError.self) {
            try ServiceSimulation(Trace(name: "late", requests: [late]), smallSetup())
        }
        var slow = try smallSetup()
        var costs = LinearCosts()
        costs.context = 1e6
        slow.costs = costs
        let error = #expect(throws: ServiceError.self) {
            try ServiceSimulation(randomTrace(1, seed: 1), slow)
        }
        #expect(error?.description.contains("a full step takes") == true)
    }

    @Test func `a pace at which requests never come is refused`() throws {
        let trace = randomTrace(10, seed: 1)
        #expect(throws: ServiceError.self) { try trace.faster(by: 1e-12) }
        #expect(throws: ServiceError.self) { try trace.scaled(toRate: 1e-10) }
        #expect(try trace.faster(by: 1e-6).isCountable)
    }

    @Test func `a full queue turns requests away, and one that can never fit`() throws {
        let setup = try smallSetup(running: 1) { $0.maxWaiting = 2 }
        var requests = (0..<5).map { _ in TraceRequest(promptTokens: 20, outputTokens: 10) }
        requests.append(TraceRequest(arrival: .seconds(5), promptTokens: 900, outputTokens: 1))
        var simulation = try ServiceSimulation(Trace(name: "full", requests: requests), setup)
        let result = simulation.run()
        let ends = result.requests.map(\.end)
        #expect(ends.prefix(5).count { $0 == .rejected } == 3)
        #expect(ends.last == .rejected)
    }

    @Test func `two machines share the requests and halve the wait`() throws {
        let requests = (0..<8).map { _ in TraceRequest(promptTokens: 20, outputTokens: 10) }
        let trace = Trace(name: "eight", requests: requests)
        var setup = try smallSetup(running: 1)
        func last() throws -> Int64 {
            var simulation = try ServiceSimulation(trace, setup)
            return simulation.run().requests.map(\.finished).max() ?? 0
        }
        let alone = try last()
        setup.replicas = 2
        #expect(try last() * 2 == alone)
    }
}
