import KVCache
import QuireIdentifiers
import TestSupport
import Testing

@testable import Scheduling

@Suite struct `Chunks of prompts` {
    /// A machine whose steps take `2 ms + 50 us a token + 20 ns for each attended position`.
    private func time(_ plan: StepPlan) -> Duration {
        var attended = 0
        for row in plan.rows {
            attended += row.queryLength * row.startPosition
            attended += row.queryLength * (row.queryLength + 1) / 2
        }
        return .microseconds(2_000 + 50 * plan.tokens.count) + .nanoseconds(20 * attended)
    }

    @Test func `a target for the time between tokens sizes the chunks`() throws {
        var configuration = bounds(tokens: 2048, running: 16, caching: false)
        configuration.interTokenTarget = .milliseconds(10)
        var scheduler = try Scheduler(layout: makeLayout(), configuration: configuration)
        for id in 0..<4 as Range<UInt64> {
            try scheduler.submit(request(id, 30 + 10 * Int(id), maxTokens: 400), now: .zero)
        }
        var times: [Duration] = []
        var chunks: [Int] = []
        for step in 0..<120 {
            if step == 30 || step == 40 {
                try scheduler.submit(
                    request(UInt64(step), 3000, maxTokens: 200), now: .zero)
            }
            let plan = scheduler.plan(now: .zero)
            let elapsed = time(plan)
            scheduler.complete(
                plan.rows.map { $0.samples ? .sampled(7) : .advanced }, elapsed: elapsed)
            if step >= 40 {
                times.append(elapsed)
                chunks.append(plan.rows.map(\.queryLength).max() ?? 0)
            }
        }
        let late = times.filter { $0 > .milliseconds(11) }
        #expect(late.isEmpty, "\(late.count) of \(times.count) steps were too long")
        // It uses the time that there is: about (10 - 2 - decodes) ms / 50 us.
        #expect((chunks.max() ?? 0) > 80)
        #expect(scheduler.waitReason(of: SequenceID(40)) == nil)
        // Without a target the prompt takes its fill, and everybody waits.
        configuration.interTokenTarget = nil
        var free = try Scheduler(layout: makeLayout(), configuration: configuration)
        try free.submit(request(0, 30, maxTokens: 400), now: .zero)
        _ = free.step()
        try free.submit(request(1, 3000), now: .zero)
        let plan = free.plan(now: .zero)
        #expect(time(plan) > .milliseconds(100))
    }

    @Test func `while nobody decodes a prompt has the whole budget`() throws {
        var configuration = bounds(tokens: 2048)
        configuration.interTokenTarget = .milliseconds(1)
        var scheduler = try Scheduler(layout: makeLayout(), configuration: configuration)
        try scheduler.submit(request(0, 3000), now: .zero)
        #expect(scheduler.stepLengths() == [2048])
    }

    @Test func `a prompt goes on at the least pace on a machine that is too slow`() throws {
        var configuration = bounds(tokens: 2048)
        configuration.interTokenTarget = .microseconds(1)
        var scheduler = try Scheduler(layout: makeLayout(), configuration: configuration)
        try scheduler.submit(request(0, 30, maxTokens: 400), now: .zero)
        _ = scheduler.step()
        try scheduler.submit(request(1, 100), now: .zero)
        try scheduler.submit(request(2, 100), now: .zero)
        for _ in 0..<3 {
            let plan = scheduler.plan(now: .zero)
            #expect(plan.rows.map(\.queryLength) == [1, 16])
            scheduler.complete(
                plan.rows.map { $0.samples ? .sampled(7) : .advanced }, elapsed: time(plan))
        }
        #expect(scheduler.waitReason(of: SequenceID(2)) == .budget)
    }

    @Test func `the step-time model finds what a machine does`() {
        var model = StepTimeModel()
        var tokens = 1
        for step in 0..<200 {
            tokens = step % 3 == 0 ? 1 + step % 7 : 16 * (1 + step % 11)
            let attended = tokens * (100 + 37 * (step % 13))
            model.observe(
                tokens: tokens, attended: attended,
                seconds: 0.004 + 30e-6 * Double(tokens) + 15e-9 * Double(attended))
        }
        let predicted = model.seconds(tokens: 64, attended: 50_000)
        #expect(abs(predicted / (0.004 + 64 * 30e-6 + 50_000 * 15e-9) - 1) < 0.02)
        let affordable = model.tokens(within: 0.01, from: 1000, atMost: 10_000)
        #expect(model.cost(of: affordable, from: 1000) <= 0.01)
        #expect(model.cost(of: affordable + 2, from: 1000) > 0.01)
        // And what it does after a change.
        for step in 0..<600 {
            let tokens = 1 + step * 31 % 200
            let attended = tokens * (100 + step % 900)
            model.observe(
                tokens: tokens, attended: attended, seconds: 0.008 + 60e-6 * Double(tokens))
        }
        #expect(abs(model.seconds(tokens: 100, attended: 10_000) / 0.014 - 1) < 0.05)
    }

    @Test func `steps that only decode do not make the model forget what a prompt costs`() {
        var chance = SeededGenerator(seed: 3)
        var model = StepTimeModel()
        /// A step's time, a few percent of it noise.
        func time(_ tokens: Int, _ attended: Int) -> Double {
            let noise = 1 + Double(Int(chance.next() % 101) - 50) * 1e-3
            return noise * (0.006 + 700e-6 * Double(tokens) + 120e-9 * Double(attended))
        }
        var worst = 0.0
        for prompt in 0..<12 {
            // A second and more in which eight streams decode, whose contexts grow.
            for step in 0..<1_500 {
                let attended = 8 * (16 + (prompt * 700 + step) % 512)
                model.observe(tokens: 8, attended: attended, seconds: time(8, attended))
            }
            for chunk in 0..<40 {
                let attended = 100 * (100 * chunk + 50) + 8 * 300
                let real = 0.006 + 700e-6 * 108 + 120e-9 * Double(attended)
                let predicted = model.seconds(tokens: 108, attended: attended)
                if prompt > 0 { worst = max(worst, abs(predicted / real - 1)) }
                model.observe(tokens: 108, attended: attended, seconds: time(108, attended))
            }
        }
        #expect(worst < 0.12, "a chunk's time was predicted \(worst) off")
    }

    @Test func `equal steps for a long time do not unsettle the model`() {
        var model = StepTimeModel()
        for _ in 0..<20_000 { model.observe(tokens: 8, attended: 8_000, seconds: 0.02) }
        #expect(abs(model.seconds(tokens: 8, attended: 8_000) - 0.02) < 1e-4)
        #expect(model.tokens(within: 0.01, from: 0, atMost: 512) >= 0)
        model.observe(tokens: 512, attended: 100_000, seconds: 0.2)
        #expect(model.seconds(tokens: 8, attended: 8_000).isFinite)
    }

    @Test func `answer lengths are learnt and fade`() {
        var lengths = AnswerLengths()
        #expect(lengths.remaining(after: 0) > 200)
        for _ in 0..<300 { lengths.record(100) }
        #expect(abs(lengths.remaining(after: 0) - 100) < 10)
        #expect(abs(lengths.remaining(after: 60) - 40) < 10)
        for _ in 0..<500 { lengths.record(1000) }
        #expect(abs(lengths.remaining(after: 0) - 1000) < 80)
        #expect(lengths.remaining(after: 5_000) == 5_000, "longer than all that were seen")
        for _ in 0..<5_000 { lengths.record(3) }
        #expect(abs(lengths.remaining(after: 0) - 3) < 0.5)
    }

    @Test func `the forecast is the peak over the ends`() {
        var forecast = AdmissionForecast()
        // One holds 4 and takes 6 more in 60 steps; the other holds 5 and takes 1 more in 10.
        forecast.append(held: 4, growth: .init(steps: 60, blocks: 6))
        forecast.append(held: 5, growth: .init(steps: 10, blocks: 1))
        // When the short one ends they hold 4 + 1 and 5 + 1; at the long one's end 10.
        #expect(abs(forecast.peak() - 11) < 1e-9)
        forecast.removeAll()
        forecast.append(held: 1, growth: .init(steps: 60, blocks: 20))
        forecast.append(held: 5, growth: .init(steps: 10, blocks: 1))
        #expect(abs(forecast.peak() - 21) < 1e-9)
    }
}
