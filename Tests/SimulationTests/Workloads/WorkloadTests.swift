import Testing

@testable import Simulation

struct WorkloadTests {
    private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

    /// The deviation over the mean.
    private func variation(_ values: [Double]) -> Double {
        let mean = mean(values)
        return self.mean(values.map { ($0 - mean) * ($0 - mean) }).squareRoot() / mean
    }

    @Test func `equal words and seeds give equal requests, other seeds others`() throws {
        for words in Workload.kinds {
            let first = try Workload.draw(words, seed: 7)
            #expect(try Workload.draw(words, seed: 7) == first)
            #expect(try Workload.draw(words, seed: 8) != first)
            #expect(!first.requests.isEmpty)
            #expect(first.requests == first.inOrderOfArrival.requests)
        }
    }

    @Test(arguments: [
        ("poisson", 1.0), ("uniform", 0.0), ("gamma, variation=3", 3.0),
    ])
    func `times between requests have the mean and the variation that were asked for`(
        words: String, wanted: Double
    ) throws {
        let trace = try Workload.draw(
            "independent: requests=20000, rate=5, arrivals=\(words)", seed: 3)
        let times = trace.requests.map { $0.arrival / .seconds(1) }
        let gaps = zip(times.dropFirst(), times).map { $0 - $1 }
        #expect(abs(mean(gaps) - 0.2) < 0.02)
        #expect(abs(variation(gaps) - wanted) < 0.1 + 0.1 * wanted)
    }

    @Test func `nothing comes while the source is off`() throws {
        let trace = try Workload.draw(
            "independent: requests=5000, rate=10, arrivals=on-off, on=2, off=3", seed: 1)
        for request in trace.requests {
            let time = request.arrival / .seconds(1)
            #expect(time - (time / 5).rounded(.down) * 5 <= 2.000001)
        }
        #expect(trace.requests.contains { $0.arrival > .seconds(1000) })
    }

    @Test func `lengths have the mean and the variation that were asked for`() throws {
        let trace = try Workload.draw(
            """
            independent: requests=40000, prompt=lognormal/400/0.8, output=exponential/100,\
             longest=100000
            """, seed: 2)
        let prompts = trace.requests.map { Double($0.promptTokens) }
        #expect(abs(mean(prompts) / 400 - 1) < 0.03)
        #expect(abs(variation(prompts) / 0.8 - 1) < 0.06)
        #expect(abs(mean(trace.requests.map { Double($0.outputTokens) }) / 100 - 1) < 0.03)
        let bounded = try Workload.draw("independent: longest=300, requests=2000", seed: 2)
        #expect(bounded.requests.allSatisfy { $0.promptTokens + $0.outputTokens <= 300 })
        let uniform = try Workload.draw("independent: prompt=3..5, requests=500", seed: 2)
        #expect(Set(uniform.requests.map(\.promptTokens)) == [3, 4, 5])
    }

    @Test func `a turn's prompt is the one before it, its answer and a message`() throws {
        let trace = try Workload.draw(
            "chat: sessions=5, turns=4, system=40, user=10, output=30, think=7, tenants=2", seed: 4)
        #expect(trace.requests.count == 20)
        let bySession = Dictionary(grouping: trace.requests) { $0.blocks[2] }
        #expect(bySession.count == 5)
        for turns in bySession.values {
            #expect(turns.map(\.promptTokens) == [50, 90, 130, 170])
            #expect(Set(turns.map(\.tenant)).count == 1)
            for (turn, next) in zip(turns, turns.dropFirst()) {
                #expect(next.arrival - turn.arrival == .seconds(7 + 30 * 0.02))
                let full = turn.promptTokens / 16
                #expect(turn.blocks.count == (turn.promptTokens + 15) / 16)
                #expect(next.blocks.prefix(full) == turn.blocks.prefix(full))
                #expect(turn.blocks.count == full || next.blocks[full] != turn.blocks[full])
            }
        }
        // The system prompt's two full blocks are everybody's.
        #expect(Set(trace.requests.map { Array($0.blocks.prefix(2)) }).count == 1)
    }

    @Test func `a tree's thoughts share what leads to them`() throws {
        let trace = try Workload.draw(
            "tree: problems=2, branches=2, depth=3, prompt=32, thought=16", seed: 1)
        #expect(trace.requests.count == 2 * (2 + 4 + 8))
        let first = trace.requests.filter { $0.blocks[0] == trace.requests[0].blocks[0] }
        let lengths = [32, 32] + Array(repeating: 48, count: 4) + Array(repeating: 64, count: 8)
        #expect(first.map(\.promptTokens) == lengths)
        // Both children of a thought continue it; 2 thoughts of the first level, 4 of the second.
        #expect(Set(first.filter { $0.promptTokens == 64 }.map { $0.blocks[2] }).count == 2)
        #expect(Set(first.filter { $0.promptTokens == 64 }.map { $0.blocks[3] }).count == 4)
    }

    @Test func `questions share their task's examples`() throws {
        let trace = try Workload.draw(
            "few-shot: requests=200, tasks=3, shots=64, question=5", seed: 1)
        #expect(Set(trace.requests.map { Array($0.blocks.prefix(4)) }).count == 3)
        #expect(Set(trace.requests.map { $0.blocks[4] }).count == 200)
    }

    @Test(arguments: [
        ("chat: sesions=3", "a workload of the kind chat has no \"sesions\""),
        ("talk", "\"talk\" is no kind of workload; there are independent"),
        ("chat: turns", "\"turns\" is no NAME=VALUE"),
        ("chat: turns=1, turns=2", "turns is given twice"),
        ("independent: prompt=5..3", "prompt: \"5..3\" is no distribution"),
        ("independent: prompt=lognormal/0/1", "prompt: \"lognormal/0/1\" is no distribution"),
        ("independent: rate=0", "rate is \"0\"; it is a number from 1e-09 to 1000000000.0"),
        ("independent: rate=1e-10", "rate is \"1e-10\"; it is a number from"),
        ("independent: rate=1e-9", "requests come after more than"),
        ("independent: arrivals=gamma, variation=1e-170", "variation is \"1e-170\"; it is"),
        ("independent: arrivals=on-off, off=1e9", "off is \"1e9\"; it is a number from"),
        ("chat: pace=1e9", "pace is \"1e9\"; it is a number from"),
        ("chat: think=1000000000", "requests come after more than"),
        ("tree: pace=1e6, thought=100000", "requests come after more than"),
        ("independent: arrivals=bursty", "arrivals is \"bursty\"; it is one of poisson"),
        ("tree: depth=16, branches=64", "the workload has more than"),
    ])
    func `words that are none are refused by name`(words: String, beginning: String) {
        let error = #expect(throws: TraceError.self) { try Workload.draw(words, seed: 1) }
        #expect(error?.description.hasPrefix(beginning) == true, "\(error?.description ?? "")")
    }
}
