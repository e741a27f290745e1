import KVCache
import QuireIdentifiers
import Scheduling
import Testing

/// Section E-priority of the reference behaviours: lower values first, ties by arrival.
@Suite struct `The priority order` {
    private func scheduler(
        _ priorities: [Int], arrivals: [Int]? = nil, running: Int = 16, tokens: Int = 10,
        layout: CacheLayout? = nil
    ) throws -> Scheduler {
        var scheduler = try Scheduler(
            layout: layout ?? makeLayout(),
            configuration: bounds(running: running, order: .priority))
        for (id, priority) in priorities.enumerated() {
            try scheduler.submit(
                request(
                    UInt64(id), tokens, priority: priority,
                    arrival: arrivals.map { .seconds($0[id]) }),
                now: .zero)
        }
        return scheduler
    }

    /// P1
    @Test func `lower values run first`() throws {
        var scheduler = try scheduler([2, 0, 1])
        #expect(scheduler.step().rows.map(\.sequence.rawValue) == [1, 2, 0])
    }

    /// P2, P7
    @Test func `equals run by arrival`() throws {
        var three = try scheduler([5, 5, 5], arrivals: [3, 1, 2])
        #expect(three.step().rows.map(\.sequence.rawValue) == [1, 2, 0])
        var four = try scheduler([0, 0, 0, 0], arrivals: [4, 1, 3, 2])
        #expect(four.step().rows.map(\.sequence.rawValue) == [1, 3, 2, 0])
    }

    /// P3
    @Test func `priority comes before arrival`() throws {
        var scheduler = try scheduler([2, 1, 1, 0], arrivals: [1, 3, 2, 4])
        #expect(scheduler.step().rows.map(\.sequence.rawValue) == [3, 2, 1, 0])
    }

    /// P4. vLLM's watermark of 0: the default would see what is coming and preempt at once.
    @Test func `a running request takes blocks from a worse class`() throws {
        var configuration = bounds(
            order: .priority, admission: .fixedWatermark(headroom: 0), caching: false)
        configuration.classPreemption = .blocks
        var scheduler = try Scheduler(
            layout: makeLayout(blocks: 6, length: 80), configuration: configuration)
        try scheduler.submit(request(0, 32, priority: 5), now: .zero)
        #expect(scheduler.stepLengths() == [32])
        try scheduler.submit(request(1, 32, priority: 0), now: .zero)
        #expect(scheduler.step().rows.map(\.sequence.rawValue) == [1, 0])
        #expect(scheduler.step().rows.map(\.sequence.rawValue) == [1])
        #expect(scheduler.runningIDs == [1])
        #expect(scheduler.waitingIDs == [0])
        #expect(scheduler.statistics.preemptions == [.blocks: 1])
    }

    /// P4: the worst class gives first. Where vLLM takes the last to arrive of equals, it is here
    /// the one that loses least, which the tests of preemption show.
    @Test func `the victim is of the worst class, whatever it loses`() throws {
        var scheduler = try Scheduler(
            layout: makeLayout(blocks: 10, length: 144),
            configuration: bounds(
                order: .priority, admission: .fixedWatermark(headroom: 0), caching: false))
        for (id, count, priority) in [(0, 32, 0), (1, 64, 5), (2, 40, 3)] as [(UInt64, Int, Int)] {
            try scheduler.submit(request(id, count, priority: priority), now: .zero)
        }
        #expect(scheduler.step().rows.map(\.sequence.rawValue) == [0, 2, 1])
        #expect(scheduler.statistics.freeBlocks == 0)
        _ = scheduler.events()
        // The best one's 33rd token needs a third block.
        let plan = scheduler.plan(now: .zero)
        let preempted = scheduler.events().preemptions
        #expect(preempted.map(\.id) == [1])
        #expect(preempted.map(\.preemption.recomputedTokens) == [64])
        #expect(plan.rows.map(\.sequence.rawValue) == [0, 2])
    }

    /// P5
    @Test func `an arrival preempts nobody while there is space`() throws {
        var scheduler = try scheduler([5, 5])
        _ = scheduler.step()
        try scheduler.submit(request(2, 10, priority: 0), now: .zero)
        #expect(scheduler.step().rows.count == 3)
        #expect(scheduler.statistics.preemptionCount == 0)
        #expect(scheduler.runningIDs == [2, 0, 1])
    }

    /// P6
    @Test func `a full batch leaves the others in their order`() throws {
        var mixed = try scheduler([3, 2, 0], running: 1)
        #expect(mixed.step().rows.map(\.sequence.rawValue) == [2])
        #expect(mixed.waitingIDs == [1, 0])
        var equal = try scheduler([7, 7, 7], arrivals: [3, 1, 2], running: 1)
        #expect(equal.step().rows.map(\.sequence.rawValue) == [1])
        #expect(equal.waitingIDs == [2, 0])
        var four = try scheduler([3, 1, 2, 0], running: 1)
        #expect(four.step().rows.map(\.sequence.rawValue) == [3])
        #expect(four.waitingIDs == [1, 2, 0])
    }

    /// P6
    @Test func `random priorities drain in ascending order`() throws {
        let priorities = [14, 3, 9, 3, 0, 27, 5, 8]
        var scheduler = try scheduler(priorities, running: 1)
        var order: [Int] = []
        while !scheduler.isIdle {
            for case .finished(let id, _) in scheduler.step().ends {
                order.append(priorities[Int(id.rawValue)])
            }
        }
        #expect(order == priorities.sorted())
    }

    /// P8
    @Test func `two places go to the two best`() throws {
        var scheduler = try scheduler([3, 1, 2, 0], running: 2)
        #expect(scheduler.step().rows.map(\.sequence.rawValue) == [3, 1])
        #expect(scheduler.waitingIDs == [2, 0])
    }

    /// P9
    @Test func `who was preempted resumes with all its tokens`() throws {
        var scheduler = try Scheduler(
            layout: makeLayout(blocks: 5, length: 64),
            configuration: bounds(
                order: .priority, admission: .fixedWatermark(headroom: 0), caching: false))
        try scheduler.submit(request(0, 30, maxTokens: 20, priority: 1), now: .zero)
        #expect(scheduler.stepLengths() == [30])
        try scheduler.submit(request(1, 32, maxTokens: 4, priority: 0), now: .zero)
        #expect(scheduler.stepLengths() == [32, 1])
        // The better one's 33rd token needs a third block.
        #expect(scheduler.step().rows.map(\.sequence.rawValue) == [1])
        #expect(scheduler.waitingIDs == [0])
        #expect(scheduler.waiting[0].tokens.count == 32)
        while scheduler.runningIDs == [1] { _ = scheduler.step() }
        let resumed = scheduler.step().rows
        #expect(resumed.map(\.sequence.rawValue) == [0])
        #expect(resumed[0].queryLength == 32, "30 of the prompt and 2 generated")
    }

    @Test func `a waiting better class takes a place in a full batch, if it may`() throws {
        for (rule, expected) in [
            (SchedulerConfiguration.ClassPreemption.blocksAndSlots, [1 as UInt64]),
            (.blocks, [0]), (.none, [0]),
        ] {
            var configuration = bounds(running: 1, order: .priority)
            configuration.classPreemption = rule
            var scheduler = try Scheduler(layout: makeLayout(), configuration: configuration)
            try scheduler.submit(request(0, 20, priority: 2), now: .zero)
            _ = scheduler.step()
            try scheduler.submit(request(1, 20, priority: 1), now: .zero)
            #expect(scheduler.step().rows.map(\.sequence.rawValue) == expected, "\(rule)")
            try scheduler.submit(request(2, 20, priority: 1), now: .zero)
            _ = scheduler.step()
            #expect(scheduler.runningIDs == expected, "an equal class never does")
            scheduler.checkInvariants()
        }
    }

    @Test func `a waiting better class takes blocks, only if that is enough`() throws {
        // 9 usable blocks of 16: two requests of 4 run; who comes wants 5, or 9.
        for (tokens, preempted) in [(64, 1), (130, 2)] {
            var scheduler = try Scheduler(
                layout: makeLayout(blocks: 10, length: 144),
                configuration: bounds(
                    order: .priority, admission: .fixedWatermark(headroom: 0), caching: false))
            for id in [0, 1] as [UInt64] {
                try scheduler.submit(request(id, 60, maxTokens: 4, priority: 3), now: .zero)
            }
            _ = scheduler.step()
            try scheduler.submit(
                request(2, tokens, maxTokens: 1, priority: 0), now: .zero)
            #expect(scheduler.step().rows.first?.sequence.rawValue == 2)
            #expect(scheduler.statistics.preemptions[.priorityBlocks] == preempted)
        }
        // Of a better class that runs nothing is taken, so nothing is taken from anybody.
        var scheduler = try Scheduler(
            layout: makeLayout(blocks: 10, length: 144),
            configuration: bounds(
                order: .priority, admission: .fixedWatermark(headroom: 0), caching: false))
        try scheduler.submit(request(0, 60, maxTokens: 4, priority: 0), now: .zero)
        try scheduler.submit(request(1, 60, maxTokens: 4, priority: 3), now: .zero)
        _ = scheduler.step()
        try scheduler.submit(request(2, 130, maxTokens: 1, priority: 1), now: .zero)
        #expect(scheduler.step().rows.count == 2)
        #expect(scheduler.statistics.preemptionCount == 0)
        #expect(scheduler.waitReason(of: SequenceID(2)) == .blocks)
    }

    @Test func `ageing lets the worst class run in the end`() throws {
        for (order, runs) in [
            (OrderChoice.priority, false), (.priority(ageing: .seconds(2)), true),
        ] {
            var scheduler = try Scheduler(
                layout: makeLayout(), configuration: bounds(running: 1, order: order))
            try scheduler.submit(request(0, 4, maxTokens: 1, priority: 3), now: .zero)
            var ran = false
            for second in 0..<20 {
                // One better request arrives each second, and one step runs.
                try scheduler.submit(
                    request(UInt64(second) + 1, 4, maxTokens: 1), now: .seconds(second))
                let rows = scheduler.step(now: .seconds(second)).rows
                ran = ran || rows.contains { $0.sequence == SequenceID(0) }
                if ran, runs {
                    #expect(second == 6, "3 classes of 2 s")
                    break
                }
            }
            #expect(ran == runs)
        }
    }

    /// Two of class 3 run. When one of class 2 comes they have waited for two classes: it takes a
    /// place of theirs, and the one that lost it takes the other's, all in one step.
    @Test func `one that is preempted and comes back in one step has one row`() throws {
        var configuration = bounds(
            running: 2, order: .priority(ageing: .milliseconds(10)), admission: .reserve)
        configuration.classPreemption = .blocksAndSlots
        var scheduler = try Scheduler(
            layout: makeLayout(blockSize: 4, blocks: 40, length: 32), configuration: configuration)
        for id: UInt64 in 0...1 {
            try scheduler.submit(request(id, 8, priority: 3), now: .zero)
        }
        _ = scheduler.step()
        try scheduler.submit(request(2, 8, priority: 2), now: .milliseconds(25))
        let rows = scheduler.step(now: .milliseconds(25)).rows
        #expect(Set(rows.map(\.sequence)).count == rows.count)
        scheduler.checkInvariants()
        while !scheduler.isIdle { _ = scheduler.step(now: .milliseconds(30)) }
        #expect(scheduler.expectNothingLeft())
    }

    /// Two prompts of three chunks on one place, and a class ages in a step: whoever runs is of a
    /// better class than when it was admitted, as whoever waits is.
    @Test func `two that age do not take each other's place for ever`() throws {
        var scheduler = try Scheduler(
            layout: makeLayout(blockSize: 4, blocks: 40, length: 32),
            configuration: bounds(
                chunk: 4, running: 1, order: .priority(ageing: .milliseconds(1)), caching: false))
        for id: UInt64 in 0...1 {
            try scheduler.submit(
                request(id, 12, maxTokens: 2), now: .milliseconds(Int(id)))
        }
        var steps = 0
        while !scheduler.isIdle, steps < 100 {
            steps += 1
            _ = scheduler.step(now: .milliseconds(2 + 2 * steps))
            scheduler.checkInvariants()
        }
        #expect(steps == 8, "three chunks and a decode each")
        #expect(scheduler.statistics.preemptionCount == 0)
    }

    /// The running ones keep the order of their classes while these grow at one speed.
    @Test func `classes of running requests age with them`() throws {
        var scheduler = try Scheduler(
            layout: makeLayout(),
            configuration: bounds(running: 3, order: .priority(ageing: .milliseconds(10))))
        for (id, priority, arrival) in [(0, 2, 0), (1, 0, 15), (2, 1, 30)] as [(UInt64, Int, Int)] {
            try scheduler.submit(
                request(id, 4, priority: priority), now: .milliseconds(arrival))
            _ = scheduler.step(now: .milliseconds(arrival))
        }
        _ = scheduler.step(now: .milliseconds(95))
        scheduler.checkInvariants()
        // At 95 ms they stand 9, 8 and 6 classes better: 2 - 9, 0 - 8, 1 - 6.
        #expect(scheduler.runningIDs == [1, 0, 2])
    }
}
