import ArgumentParser
import Reporting
import Simulation
import Testing

@testable import quire

@Suite struct `Batching on the command line` {
    private let four = [8.0, 11, 16, 4].map { BatchingJob(work: $0) }

    @Test func `the time line of four is drawn slot by slot`() {
        let timeline = BatchingTimeline(BatchingMode.static.run(four, slots: 4))
        #expect(timeline.end == 16)
        func row(_ slot: Int, _ letter: String, _ work: Int) -> String {
            "  slot  \(slot) " + String(repeating: letter, count: 4 * work)
                + String(repeating: "/", count: 64 - 4 * work)
        }
        #expect(
            timeline.lines(until: 16)
                == [row(1, "a", 8), row(2, "b", 11), row(3, "c", 16), row(4, "d", 4)])
        let free = BatchingTimeline(BatchingMode.continuous.run(four, slots: 4))
        #expect(
            free.lines(until: 16)[3]
                == "  slot  4 " + String(repeating: "d", count: 16)
                + String(repeating: "·", count: 48))
    }

    @Test func `with a backlog every slot works until the end`() {
        let timeline = BatchingTimeline(.continuous, backlogOf: four, slots: 4, until: 16)
        for line in timeline.lines(until: 16) {
            #expect(!line.contains("·") && !line.contains("/"))
        }
        let panel = timeline.panel("", until: 16)
        for row in panel.rows {
            #expect(row.spans.first?.start == 0)
            #expect(row.spans.last?.end == 16)
        }
    }

    @Test func `rows and their CSV agree`() {
        let run = BatchingMode.static.run(four, slots: 4)
        let row = BatchingRow(.static, run, backlog: 0.25, allAtOnce: true)
        #expect(row.wait_total_s == 25)
        #expect(row.idle_slot_s == 25)
        let lines = BatchingRow.csv([row])
        #expect(lines[0].split(separator: ",").count == lines[1].split(separator: ",").count)
        #expect(lines[1].hasPrefix("static,true,4,4,16.0,0.25,0.25,16.0,"))
    }

    @Test func `one source of requests, and sound times`() throws {
        let options = try BatchingRequestOptions.parse(["--times", "1,2.5"])
        #expect(try options.jobs().jobs == [BatchingJob(work: 1), BatchingJob(work: 2.5)])
        let standard = try BatchingRequestOptions.parse([]).jobs()
        #expect(standard.jobs.count == 8 && standard.name == "eight")
        let drawn = try BatchingRequestOptions.parse([
            "--workload", "independent: requests=5", "--token-time", "10ms",
        ])
        #expect(drawn.hasArrivals)
        #expect(try drawn.jobs().jobs.count == 5)
        for bad in [
            ["--times", "1,-2"], ["--times", ""], ["--example", "nine"],
            ["--times", "1", "--example", "four"], ["--times", "1", "--token-time", "10ms"],
            ["--prompt-token-time", "10ms"],
        ] {
            #expect(throws: (any Error).self) { try BatchingRequestOptions.parse(bad) }
        }
        #expect(throws: (any Error).self) { try SimulateBatchingCommand.parse(["--batch", "0"]) }
        #expect(throws: (any Error).self) {
            try SimulateBatchingCommand.parse(["--mode", "elastic"])
        }
        #expect(throws: (any Error).self) { try SimulateBatchingCommand.parse(["--mode", ""]) }
    }
}
