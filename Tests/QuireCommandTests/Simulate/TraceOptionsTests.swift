import ArgumentParser
import Foundation
import Simulation
import Testing

@testable import quire

@Suite struct `Requests of simulations on the command line` {
    @Test(arguments: [
        ["--trace", "a", "--workload", "independent"], ["--requests", "3"],
        ["--trace", "a", "--requests", "0"], ["--output-tokens", "3"],
        ["--workload", "independent", "--tokenizer", "m"],
        ["--trace", "a", "--output-tokens", "0"],
    ])
    func `what contradicts itself is refused`(words: [String]) {
        #expect(throws: (any Error).self) { try TraceOptions.parse(words) }
    }

    @Test func `requests are drawn, repeated and stamped with their seed`() throws {
        let options = try TraceOptions.parse([
            "--workload", "independent: requests=5", "--seed", "7", "--requests", "12",
        ])
        let trace = try options.read()
        #expect(trace.requests.count == 12)
        #expect(options.stamp(trace, loop: .open).seed == 7)
    }

    @Test func `a trace of prompts and no answers is read with the options it asks for`() throws {
        let file = FileManager.default.temporaryDirectory
            .appending(path: "trace-\(UInt64.random(in: 0...UInt64.max)).jsonl")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data("{\"body\": {\"prompt\": [1, 2, 3]}}\n".utf8).write(to: file)
        let without = try TraceOptions.parse(["--trace", file.path])
        let error = #expect(throws: UnusableTrace.self) { try without.read() }
        #expect(error?.description.contains("give --output-tokens N") == true)
        let options = try TraceOptions.parse(["--trace", file.path, "--output-tokens", "9"])
        #expect(
            try options.read().requests == [TraceRequest(promptTokens: 3, outputTokens: 9)])
        #expect(try without.readPrompts().requests.map(\.promptTokens) == [3])
    }

    private let service = [
        "--workload", "independent: tenants=2", "--model", "llama-2-7b", "--device", "a10",
    ]

    @Test(arguments: [
        ["--batch", "9223372036854775807"], ["--chunk", "9223372036854775807"],
        ["--blocks", "9223372036854775807"], ["--context", "9223372036854775807"],
        ["--find", "replicas", "--target", "ttft.p99=1s", "--replicas", "2"],
        ["--blocks", "9", "--reserve", "1GB"], ["--rate", "0"], ["--speedup", "1e10"],
        ["--target", "ttft.p99=2s,ttft.p50=1s"],
    ])
    func `what has no effect on a service, or no end, is refused`(words: [String]) throws {
        _ = try SimulateServeCommand.parse(service)
        #expect(throws: (any Error).self) { try SimulateServeCommand.parse(service + words) }
    }

    @Test(arguments: [
        ["--weights", "q4_0"], ["--bandwidth", "1TB/s"], ["--flops", "1T"], ["--link", "1GB/s"],
        ["--reserve", "1GB"], ["--devices", "1"], ["--model", "llama-2-7b"],
    ])
    func `what was measured is not described too`(words: [String]) throws {
        let measured = ["--workload", "independent", "--costs", "costs.json"]
        _ = try SimulateServeCommand.parse(measured)
        #expect(throws: (any Error).self) { try SimulateServeCommand.parse(measured + words) }
    }

    @Test(arguments: [
        ["--replicas", "2"], ["--order", "fair"], ["--orders", "first"],
        ["--client", "a=independent"], ["--speedup", "0"],
    ])
    func `tenants are compared on one machine, by --orders`(words: [String]) throws {
        _ = try SimulateFairnessCommand.parse(service)
        #expect(throws: (any Error).self) { try SimulateFairnessCommand.parse(service + words) }
    }

    @Test(arguments: [
        ["--log", "--seeds", "2"], ["--log", "--plants"], ["--log", "--format", "json"],
        ["--replay", "a", "--seeds", "2"], ["--replay", "a", "--format", "json"],
    ])
    func `one chaos run is one, for a person`(words: [String]) throws {
        _ = try SimulateChaosCommand.parse(["--log", "--seed", "3"])
        #expect(throws: (any Error).self) { try SimulateChaosCommand.parse(words) }
    }

    @Test func `the error of a target says what is wrong with it`() {
        let error = #expect(throws: (any Error).self) {
            try SimulateServeCommand.parse(service + ["--target", "wait.p99=2s"])
        }
        let message = error.map { SimulateServeCommand.message(for: $0) } ?? ""
        #expect(message.contains("there are ttft, itl and e2e"), "\(message)")
    }
}
