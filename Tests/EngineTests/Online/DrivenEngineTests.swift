import FakeExecutor
import KVCache
import QuireEngine
import QuireIdentifiers
import Scheduling
import Testing

/// B.4: the same loop on a thread, on a caller, and in virtual time.
@Suite struct `An engine that is driven from outside` {
    private let clock = VirtualClock()

    private func makeLoop(
        _ configuration: SchedulerConfiguration? = nil, order: (any OrderPolicy)? = nil
    ) throws -> EngineLoop {
        let layout = try tinyPlan()
        let executor = TimedExecutor(
            HashExecutor(layout: layout, maxStepTokens: 64, maxStepOutputs: 8), clock: clock)
        let clock = clock
        return try EngineLoop(
            executor: executor, tokenizer: TinyModel.tokenizer(), layout: layout,
            configuration: configuration, order: order, clock: { clock.now })
    }

    private func request(_ length: Int, maxTokens: Int) -> GenerationRequest {
        GenerationRequest(
            prompt: TinyModel.prompts(1, seed: UInt64(length), lengths: length...length)[0],
            parameters: SamplingParameters(maxTokens: maxTokens, ignoreEOS: true))
    }

    /// Turns until there is nothing to do.
    private func runDry(_ loop: EngineLoop) -> Int {
        var turns = 0
        while loop.turn(now: clock.now) == EngineWait.none { turns += 1 }
        return turns
    }

    @Test func `lives in virtual time, to the millisecond`() async throws {
        let loop = try makeLoop()
        #expect(loop.turn(now: clock.now) == .request, "nobody has asked for anything")
        clock.advance(by: .seconds(3_600))
        let stream = try loop.submit(request(5, maxTokens: 3))
        clock.advance(by: .milliseconds(7))
        #expect(runDry(loop) == 3)
        let timeline = try await stream.completions()[0].timeline
        let start = Duration.seconds(3_600)
        #expect(timeline.queued == start)
        #expect(timeline.scheduled == start + .milliseconds(7))
        #expect(timeline.firstToken == start + .milliseconds(22))
        #expect(timeline.finished == start + .milliseconds(44))
        #expect(clock.now == timeline.finished)
    }

    @Test func `gives the answers of the engine on a thread and of the one without`() async throws {
        let requests = (3..<9).map { request($0 * 5, maxTokens: $0) }
        let loop = try makeLoop()
        let streams = try requests.map { try loop.submit($0) }
        _ = runDry(loop)
        let layout = try tinyPlan()
        let llm = try LLM(
            executor: HashExecutor(layout: layout), tokenizer: TinyModel.tokenizer(), layout: layout
        )
        let engine = try await Engine(tokenizer: TinyModel.tokenizer(), layout: layout) {
            HashExecutor(layout: layout)
        }
        let answers = llm.answer(requests)
        for ((stream, request), answer) in zip(zip(streams, requests), answers) {
            let driven = Answer(try await stream.completions()[0])
            #expect(driven == Answer(try answer.get()))
            #expect(driven == Answer(try await engine.submit(request).completions()[0]))
        }
        await engine.shutdown()
    }

    @Test func `ends when it is told to, and turns no more`() async throws {
        let loop = try makeLoop()
        let stream = try loop.submit(request(5, maxTokens: 3))
        loop.shutdown()
        #expect(runDry(loop) == 3)
        #expect(loop.turn(now: clock.now) == nil)
        #expect(throws: EngineError.self) { try loop.submit(request(5, maxTokens: 3)) }
        #expect(try await stream.completions()[0].tokens.count == 3)
        #expect(loop.statistics.scheduling.usedBlocks == 0)
    }

    @Test func `holds no more requests in a pause than may wait`() throws {
        var configuration = oneAtATime()
        configuration.maxWaiting = 2
        let loop = try makeLoop(configuration)
        loop.pause(.keep)
        var streams: [TokenStream] = []
        for _ in 0..<2 {
            streams.append(try loop.submit(request(5, maxTokens: 1)))
            #expect(loop.turn(now: clock.now) == .request)
        }
        let error = #expect(throws: EngineError.self) {
            try loop.submit(request(5, maxTokens: 1))
        }
        #expect(error?.code == .queueFull)
        loop.resume()
        _ = runDry(loop)
        #expect(loop.statistics.finished[.length] == streams.count)
    }

    @Test func `takes a clock and an order of one's own, with a thread and without`() async throws {
        let lengths = [12, 4, 8]
        let requests = lengths.map { request($0, maxTokens: 2) }
        let loop = try makeLoop(oneAtATime(), order: ShortestFirst())
        let streams = try requests.map { try loop.submit($0) }
        _ = runDry(loop)
        var times: [Duration] = []
        for stream in streams {
            times.append(try #require(try await stream.completions()[0].timeline.firstToken))
        }
        // 14 + 11, 18 + 11, 22 + 11 milliseconds.
        #expect(times == [.milliseconds(76), .milliseconds(14), .milliseconds(43)])

        let layout = try tinyPlan()
        let clock = VirtualClock()
        let llm = try LLM(
            executor: TimedExecutor(
                HashExecutor(layout: layout, maxStepTokens: 64, maxStepOutputs: 8), clock: clock),
            tokenizer: TinyModel.tokenizer(), layout: layout, configuration: oneAtATime(),
            order: ShortestFirst(), clock: { clock.now })
        let answers = try llm.answer(requests).map { try $0.get().timeline.firstToken }
        #expect(answers == times)
    }

    @Test func `on a thread it takes an order of one's own too`() async throws {
        let layout = try tinyPlan()
        let gate = StepGate()
        let engine = try await Engine(
            tokenizer: TinyModel.tokenizer(), layout: layout, configuration: oneAtATime(),
            order: ShortestFirst(), clock: { .seconds(5) }
        ) {
            GatedExecutor(
                HashExecutor(layout: layout, maxStepTokens: 64, maxStepOutputs: 8), gate: gate)
        }
        // The first stands in the gate while the others queue.
        let first = try engine.submit(request(20, maxTokens: 1))
        await gate.awaitArrival(1)
        let long = try engine.submit(request(12, maxTokens: 1))
        let short = try engine.submit(request(4, maxTokens: 1))
        gate.allow(3)
        let answer = try await short.completions()[0]
        #expect(answer.timeline.firstToken == .seconds(5))
        #expect(engine.statistics.finished[.length] == 2, "the long one has not had its turn")
        gate.open()
        _ = try await first.completions()
        _ = try await long.completions()
        await engine.shutdown()
    }
}
