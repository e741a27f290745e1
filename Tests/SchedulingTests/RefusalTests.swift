import KVCache
import QuireIdentifiers
import Scheduling
import Testing

@Suite struct `A request that can never run` {
    private func refusal(
        _ request: Request, _ layout: CacheLayout,
        _ configuration: SchedulerConfiguration = bounds()
    ) throws -> SchedulingError? {
        var scheduler = try Scheduler(layout: layout, configuration: configuration)
        let error = #expect(throws: SchedulingError.self) {
            try scheduler.submit(request, now: .zero)
        }
        #expect(scheduler.isIdle)
        return error
    }

    /// D8
    @Test func `a prompt must leave room for one token`() throws {
        let layout = try makeLayout(length: 2048)
        var scheduler = try Scheduler(layout: layout, configuration: bounds())
        try scheduler.submit(request(0, 2047, maxTokens: 1), now: .zero)
        #expect(scheduler.waiting.count == 1)
        let error = try refusal(request(0, 2048, maxTokens: 1), layout)
        #expect(error?.code == .promptTooLong)
        #expect(
            error?.message
                == "the prompt (2048 tokens) plus at least 1 new token is longer than the maximum "
                + "context length of 2048 tokens; shorten the prompt or raise the context length")
    }

    @Test func `a prompt to be scored may fill the context`() throws {
        var scheduler = try Scheduler(layout: makeLayout(length: 64), configuration: bounds())
        try scheduler.submit(request(0, 64, maxTokens: 0), now: .zero)
        #expect(throws: SchedulingError.self) {
            try scheduler.submit(request(1, 65, maxTokens: 0), now: .zero)
        }
    }

    @Test func `chunks larger than the windows were planned for are refused`() throws {
        // The pool holds a whole context in chunks of 8; larger chunks need more of the window.
        let layout = try makeLayout(
            [.slidingWindow(8)], blockSize: 1, blocks: 18, length: 64, chunk: 8)
        var scheduler = try Scheduler(layout: layout, configuration: bounds(chunk: 8))
        try scheduler.submit(request(0, 40, maxTokens: 20), now: .zero)
        #expect(throws: SchedulingError.self) {
            try Scheduler(layout: layout, configuration: bounds(chunk: 9))
        }
    }

    @Test func `an empty prompt is refused`() throws {
        let error = try refusal(request(0, 0), makeLayout())
        #expect(error?.code == .emptyPrompt)
    }

    @Test func `an output outside of the prompt is refused`() throws {
        let wrong = Request(id: SequenceID(0), prompt: [1, 2], maxTokens: 1, firstOutput: 2)
        #expect(try refusal(wrong, makeLayout())?.code == .invalidRequest)
        let negative = Request(id: SequenceID(0), prompt: [1, 2], maxTokens: -1)
        #expect(try refusal(negative, makeLayout())?.code == .invalidRequest)
    }

    @Test func `a number that is in use is refused`() throws {
        var scheduler = try Scheduler(layout: makeLayout(), configuration: bounds())
        try scheduler.submit(request(3, 4), now: .zero)
        let waiting = #expect(throws: SchedulingError.self) {
            try scheduler.submit(request(3, 4), now: .zero)
        }
        #expect(waiting?.code == .duplicateRequest)
        _ = scheduler.step()
        let running = #expect(throws: SchedulingError.self) {
            try scheduler.submit(request(3, 4), now: .zero)
        }
        #expect(running?.code == .duplicateRequest)
    }

    @Test func `a full queue refuses`() throws {
        var configuration = bounds()
        configuration.maxWaiting = 2
        var scheduler = try Scheduler(layout: makeLayout(), configuration: configuration)
        try scheduler.submit(request(0, 4), now: .zero)
        try scheduler.submit(request(1, 4), now: .zero)
        let error = #expect(throws: SchedulingError.self) {
            try scheduler.submit(request(2, 4), now: .zero)
        }
        #expect(error?.code == .queueFull)
        _ = scheduler.step()
        try scheduler.submit(request(2, 4), now: .zero)
    }

    @Test func `bounds out of range are refused by name`() throws {
        let layout = try makeLayout()
        func message(_ configuration: SchedulerConfiguration) -> String {
            let error = #expect(throws: SchedulingError.self) {
                try Scheduler(layout: layout, configuration: configuration)
            }
            #expect(error?.code == .invalidConfiguration)
            return error?.message ?? ""
        }
        #expect(message(bounds(tokens: 0)).contains("tokens of a step"))
        #expect(message(bounds(outputs: 0)).contains("outputs of a step"))
        #expect(message(bounds(chunk: 0)).contains("chunk size"))
        #expect(message(bounds(running: 0)).contains("batch limit"))
        #expect(message(bounds(tokens: 8, running: 9)).contains("between 1 and 8"))
        #expect(message(bounds(outputs: 8, running: 9)).contains("between 1 and 8"))
    }

    /// A fork needs, besides the blocks of its branches, one for the copy that a step makes: a
    /// request that was promised no more than all blocks would wait for it for ever.
    @Test func `a request whose branches fill the pool needs a block for their copies`() throws {
        let layout = try makeLayout(blockSize: 4, blocks: 4, length: 4)
        var three = request(0, 1, maxTokens: 3)
        three.branches = 3
        let error = try refusal(three, layout, bounds(admission: .reserve))
        #expect(error?.code == .tooManyBlocks)

        var scheduler = try Scheduler(layout: layout, configuration: bounds(admission: .reserve))
        var two = request(0, 1, maxTokens: 3)
        two.branches = 2
        try scheduler.submit(two, now: .zero)
        #expect(scheduler.plan(now: .zero).rows.count == 1, "what is accepted runs")
    }
}
