import ArgumentParser
import KVCache
import QuireIdentifiers
import QuireKit
import Reporting
import Scheduling
import Testing

@testable import quire

struct BenchCompareTests {
    @Test func `each arm has one thing more than the one before`() {
        let arms = CompareArm.all(blockSize: 16, chunk: 128)
        #expect(arms.map(\.isWithoutCache) == [true] + Array(repeating: false, count: 6))
        #expect(arms.map(\.blockSize) == [nil, nil, nil, 16, 16, 16, 16])
        #expect(
            arms.dropFirst().map(\.order)
                == [.staticBatches, .fcfs, .staticBatches, .fcfs, .fcfs, .fcfs])
        #expect(arms.map(\.sharesPrefixes) == [false, false, false, false, false, true, true])
        #expect(arms.map(\.chunk) == [nil, nil, nil, nil, nil, nil, 128])
    }

    @Test func `a contiguous arm has blocks of the whole context, and exactly the memory`() throws {
        let arm = CompareArm.all(blockSize: 16, chunk: 128)[1]
        let options = arm.modelOptions(
            context: 777, kvBytes: 1 << 20, batch: 3, load: try LoadOptions.parse([]), dtype: .f16)
        #expect(options.blockSize == 777)
        #expect(options.chunk == 777)
        #expect(options.kvBytes == 1 << 20)
        #expect(options.batch == 3)
    }

    @Test func `answers agree when one begins like the other, and not else`() {
        let long: [Int: [TokenID]] = [0: [1, 2, 3], 1: [4, 5]]
        #expect(CompareBench.agree([0: [1, 2]], long))
        #expect(CompareBench.agree([2: [9]], long))
        #expect(CompareBench.agree([0: [1, 2, 3, 4], 1: [4]], long))
        #expect(!CompareBench.agree([0: [1, 3]], long))
    }

    @Test func `the time between tokens counts every token of a step`() {
        var run = CompareRun()
        #expect(run.interTokenLatency(0.5) == nil)
        run.steps = [(seconds: 3, tokens: 1), (seconds: 1, tokens: 8), (seconds: 2, tokens: 1)]
        #expect(run.interTokenLatency(0.5) == 1)
        #expect(run.interTokenLatency(0.8) == 1)
        #expect(run.interTokenLatency(0.9) == 2)
        #expect(run.interTokenLatency(0.99) == 3)
    }

    @Test func `the first token of an answer is no time between tokens`() {
        var run = CompareRun()
        run.note(seconds: 9, tokens: 4, firsts: 4)
        run.note(seconds: 2, tokens: 5, firsts: 1)
        run.note(seconds: 1, tokens: 0, firsts: 0)
        #expect(run.steps.map(\.seconds) == [2])
        #expect(run.steps.map(\.tokens) == [4])
        #expect(run.stepCount == 3)
    }

    @Test func `a few beginnings are no speedup`() throws {
        let geometry = KVGeometry(spans: [.full], kvHeads: 1, headDim: 8)
        let layout = try KVPlanner(
            geometry: geometry, dtype: .f16, blockSize: 4, maxModelLength: 16, maxChunk: 4
        ).plan(sequences: 2)
        let arms = CompareArm.all(blockSize: 4, chunk: 4)
        let rows = arms.prefix(2).map { arm in
            CompareRow(
                arm: arm, run: CompareRun(), layout: layout, rate: 6, baseline: 3, isEqual: true
            ).values
        }
        #expect(rows[0]["speedup"] == BenchValue.none)
        #expect(rows[1]["speedup"] == .number(2))
    }

    @Test(arguments: [
        (["--shared", "9223372036854775807"], "--shared is 9223372036854775807"),
        (["--requests=-9223372036854775808"], "--requests is -9223372036854775808"),
        (["--trace", "a.csv", "--prompt", "5", "--seed", "1"], "--prompt, --seed: the lengths"),
        (["--report", "no-such-folder/a.html"], "there is no folder"),
    ])
    func `what cannot be is refused before the work`(words: [String], part: String) {
        let error = #expect(throws: (any Error).self) { try BenchCompareCommand.parse(words) }
        #expect(error.map { Quire.message(for: $0).contains(part) } == true, "\(words)")
    }

    @Test(arguments: [["--window=-9223372036854775808"], ["--window", "1"], ["--generate", "0"]])
    func `numbers of any size are looked at, not calculated with`(words: [String]) {
        #expect(throws: (any Error).self) {
            try BenchQualityCommand.parse(["--file", "a.txt"] + words)
        }
        #expect(throws: (any Error).self) {
            try BenchLatencyCommand.parse(["--warm-up", "9223372036854775807"])
        }
    }

    @Test(
        arguments: [(3, nil), (3, "3"), (3, "4"), (1, "2"), (0, nil)] as [(Int, String?)])
    func `a chart that is not there is refused`(count: Int, chart: String?) throws {
        let words = ["--report", "a.svg"] + (chart.map { ["--chart", $0] } ?? [])
        let options = try ReportOptions.parse(words)
        let isThere = (1...max(1, count)).contains(Int(chart ?? "1") ?? 0) && count > 0
        if isThere {
            try options.require(charts: count)
        } else {
            #expect(throws: ValidationError.self) { try options.require(charts: count) }
        }
        try ReportOptions.parse(["--report", "a.html"]).require(charts: 0)
    }

    @Test func `a plan without charts says what would bring one`() throws {
        let options = try ReportOptions.parse(["--report", "a.svg"])
        let error = #expect(throws: ValidationError.self) {
            try options.write(withoutCharts: "--device or --memory, or ") {
                Report(title: "t", summary: "s", parameters: [])
            }
        }
        #expect(
            error?.message
                == "--report: there is no chart to draw; give --device or --memory, or a name that "
                + "ends in .html.")
    }

    @Test func `a tenth of the time makes a row, held against the first`() {
        var windows = DriftWindows(.seconds(100))
        #expect(windows.note(.seconds(9), tokens: 90) == nil)
        #expect(windows.note(.seconds(10), tokens: 100)?.number("tok_s") == 10)
        #expect(windows.note(.seconds(15), tokens: 120) == nil)
        let second = windows.note(.seconds(20), tokens: 180)
        #expect(second?.number("tok_s") == 8)
        #expect(second?.number("of_first") == 0.8)
    }

    @Test(arguments: [
        ("250ms", 250), ("90s", 90_000), ("1.5m", 90_000), ("10min", 600_000), ("2h", 7_200_000),
    ])
    func `a time has a unit`(text: String, milliseconds: Int) {
        #expect(TimeSpan(argument: text)?.duration == .milliseconds(milliseconds))
    }

    @Test(arguments: ["10", "s", "-3s", "0s", "1d", "1e9h", "5 s"])
    func `what is no time is refused`(text: String) {
        #expect(TimeSpan(argument: text) == nil)
    }
}
