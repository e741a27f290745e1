import ArgumentParser
import KVCache
import Simulation
import Testing

@testable import quire

@Suite struct `Use of memory on the command line` {
    @Test func `rows average over sets of requests, and one set has its sums`() throws {
        let simulation = try MemorySimulation(capacity: 15_728, longest: 2048)
        let uses = try (0..<2 as Range<UInt64>).map {
            try simulation.run(PaperLengths.draw(100, seed: $0), .buddy(.max)).use
        }
        let both = MemoryRow(.buddy(.max), uses)
        let shares = uses.map { $0.share($0.tokens) }
        #expect(both.runs == 2 && both.slots == nil)
        #expect(abs(both.tokens - (shares[0] + shares[1]) / 2) < 1e-12)
        #expect(both.tokens_min == shares.min() && both.tokens_max == shares.max())
        #expect(both.steps == uses[0].steps + uses[1].steps)
        let one = MemoryRow(.paged(blockSize: 16), [uses[0]])
        #expect(one.label == "paged 16")
        #expect(one.slots?.tokens == uses[0].tokens)
        #expect(one.slots?.running == uses[0].running)
        let lines = MemoryRow.csv([both, one])
        #expect(
            Set(lines.map { $0.split(separator: ",", omittingEmptySubsequences: false).count })
                == [17])
    }

    @Test func `requests that no sequence holds are skipped, or their answers cut`() throws {
        let trace = Trace(
            name: "",
            requests: [
                TraceRequest(promptTokens: 10, outputTokens: 5),
                TraceRequest(promptTokens: 10, outputTokens: 95),
                TraceRequest(promptTokens: 100, outputTokens: 1),
                TraceRequest(promptTokens: 10, outputTokens: 0),
            ])
        var options = try MemoryRequestOptions.parse([])
        let skipped = options.fitted(trace, longest: 100)
        #expect(skipped.requests == [LengthSample(prompt: 10, output: 5)])
        #expect(skipped.others == 3)
        options = try MemoryRequestOptions.parse(["--overlong", "cut"])
        let cut = options.fitted(trace, longest: 100)
        #expect(
            cut.requests
                == [LengthSample(prompt: 10, output: 5), LengthSample(prompt: 10, output: 90)])
        #expect(cut.others == 3)
    }

    @Test func `the paper's lengths are drawn 20 times, a file is read once`() throws {
        #expect(try MemoryRequestOptions.parse(["--seed", "3"]).allSeeds == Array(3..<23))
        #expect(try MemoryRequestOptions.parse(["--lengths", "a.csv"]).allSeeds == [0])
        let workload = ["--workload", "independent", "--seeds", "2"]
        #expect(try MemoryRequestOptions.parse(workload).allSeeds == [0, 1])
        for bad in [
            ["--lengths", "a.csv", "--seeds", "2"], ["--requests", "0"],
            ["--lengths", "a.csv", "--workload", "independent"],
            ["--lengths", "a.csv", "--requests", "5"],
            ["--workload", "independent", "--requests", "5"], ["--tokenizer", "m"],
        ] {
            #expect(throws: (any Error).self) { try MemoryRequestOptions.parse(bad) }
        }
    }

    @Test func `unknown policies and blocks without slots are refused`() throws {
        for bad in [
            ["--policy", "best"], ["--block-size", "0"], ["--block-size", "20000"],
            ["--max-batch", "0"], ["--samples", "0"], ["--beam-replacement", "2"],
        ] {
            #expect(throws: (any Error).self) { try SimulateMemoryCommand.parse(bad) }
        }
        _ = try SimulateMemoryCommand.parse(["--policy", "max,paged", "--block-size", "1,16"])
    }
}
