import ArgumentParser
import KVCache
import QuireIdentifiers
import QuireKit
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
