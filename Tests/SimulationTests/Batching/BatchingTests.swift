import TestSupport
import Testing

@testable import Simulation

@Suite struct `Batching` {
    private func jobs(_ name: String) throws -> [BatchingJob] {
        let example = try #require(BatchingJob.examples.first { $0.name == name })
        return example.times.map { BatchingJob(work: $0) }
    }

    @Test func `the batch of eight waits for one`() throws {
        let jobs = try jobs("eight")
        let batch = BatchingMode.static.run(jobs, slots: 8)
        #expect(batch.makespan == 45)
        #expect(batch.throughput == 8.0 / 45)
        #expect(batch.work == 118)
        #expect(batch.utilization == 118.0 / 360)
        #expect(batch.mean(\.held) == 30.25)
        let backlog = BatchingMode.continuous.backloggedThroughput(jobs, slots: 8)
        #expect(backlog == 8 / 14.75)
        #expect(abs(backlog / batch.throughput - 3.05) < 0.005)
        #expect(BatchingMode.static.backloggedThroughput(jobs, slots: 8) == 8.0 / 45)
    }

    @Test func `in the time line of four the last waits 12`() throws {
        let batch = BatchingMode.static.run(try jobs("four"), slots: 4)
        #expect(batch.served.map(\.held) == [8, 5, 0, 12])
        #expect(batch.held == 25)
        #expect(batch.utilization == 39.0 / 64)
    }

    @Test func `of sixteen three quarters of the slots' time is idle`() throws {
        let jobs = try jobs("sixteen")
        let batch = BatchingMode.static.run(jobs, slots: 16)
        #expect(batch.makespan == 52)
        #expect(batch.work == 208)
        #expect(batch.mean(\.held) == 39)
        #expect(batch.mean(\.latency) == 52)
        #expect(batch.utilization == 0.25)
        #expect(batch.held == 624)
        // These alone end no sooner; with a backlog four times as many are served.
        let alone = BatchingMode.continuous.run(jobs, slots: 16)
        #expect(alone.makespan == 52)
        #expect(alone.mean(\.latency) == 13)
        #expect(alone.held == 0)
        let backlog = BatchingMode.continuous.backloggedThroughput(jobs, slots: 16)
        #expect(backlog == 16.0 / 13)
        #expect(abs(backlog / batch.throughput - 4) < 1e-12)
    }

    @Test func `a static batch waits to be filled, a dynamic one for its window`() {
        let jobs = [0, 1, 2, 9, 10].map { BatchingJob(arrival: $0, work: 4) }
        let filled = BatchingMode.static.run(jobs, slots: 3)
        #expect(filled.batches.map(\.start) == [2, 10])
        #expect(filled.served.map(\.returned) == [6, 6, 6, 14, 14])
        let window = BatchingMode.dynamic(window: 1).run(jobs, slots: 3)
        #expect(window.batches.map(\.start) == [1, 5, 10])
        #expect(window.batches.map(\.requests) == [2, 1, 2])
        let impatient = BatchingMode.dynamic(window: 0).run(jobs, slots: 3)
        #expect(impatient.batches.map(\.start) == [0, 4, 9, 13])
        #expect(impatient.served.map(\.queued) == [0, 3, 2, 0, 3])
        // A window without end is static batching.
        #expect(BatchingMode.dynamic(window: .infinity).run(jobs, slots: 3) == filled)
    }

    @Test func `a free slot is taken at once`() {
        let jobs = [
            BatchingJob(arrival: 0, work: 10), BatchingJob(arrival: 1, work: 2),
            BatchingJob(arrival: 2, work: 3), BatchingJob(arrival: 9, work: 1),
        ]
        let run = BatchingMode.continuous.run(jobs, slots: 2)
        #expect(run.served.map(\.slot) == [0, 1, 1, 1])
        #expect(run.served.map(\.start) == [0, 1, 3, 9])
        #expect(run.served.map(\.returned) == [10, 3, 6, 10])
        #expect(run.batches.isEmpty)
    }

    @Test(arguments: 0..<30)
    func `slots serve one request at a time, in order of arrival`(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        let slots = Int.random(in: 1...9, using: &generator)
        var time = 0.0
        let jobs = (0..<200).map { _ in
            time += Double(Int.random(in: 0...6, using: &generator))
            let work = Double(Int.random(in: 1...40, using: &generator))
            return BatchingJob(arrival: time, work: work)
        }
        for mode in [BatchingMode.static, .dynamic(window: 5), .continuous] {
            let run = mode.run(jobs, slots: slots)
            #expect(run.served.map(\.job) == jobs)
            var freeAt = Array(repeating: 0.0, count: slots)
            var last = 0.0
            for served in run.served {
                #expect(served.start >= max(served.job.arrival, freeAt[served.slot], last))
                #expect(served.returned >= served.done)
                freeAt[served.slot] = served.returned
                last = served.start
            }
            #expect(run.utilization <= 1)
            // Nobody is idle while somebody waits.
            if mode == .continuous {
                for served in run.served where served.queued > 0 {
                    let busy = run.served.filter {
                        $0.start <= served.job.arrival && $0.returned > served.job.arrival
                    }
                    #expect(busy.count == slots)
                }
            }
        }
    }

    @Test func `a run of no request is all zeros, and percentiles are of the nearest rank`() {
        let nothing = BatchingMode.static.run([], slots: 2)
        #expect(nothing.makespan == 0 && nothing.throughput == 0 && nothing.utilization == 0)
        #expect(nothing.percentile(0.99, of: \.latency) == 0)
        let run = BatchingMode.continuous.run(
            (1...100).map { BatchingJob(work: Double($0)) }, slots: 100)
        #expect(run.percentile(0.5, of: \.latency) == 50)
        #expect(run.percentile(0.99, of: \.latency) == 99)
        #expect(run.percentile(1, of: \.latency) == 100)
    }

    @Test func `a trace takes the time of its tokens`() {
        let trace = Trace(
            name: "",
            requests: [
                TraceRequest(arrival: .milliseconds(1500), promptTokens: 100, outputTokens: 10),
                TraceRequest(arrival: .seconds(2), promptTokens: 100, outputTokens: 0),
            ])
        let costs = BatchingCosts(promptToken: 0.001, outputToken: 0.02)
        #expect(costs.jobs(trace) == [BatchingJob(arrival: 1.5, work: 0.1 + 0.2)])
    }
}
