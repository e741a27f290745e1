import FakeExecutor
import QuireEngine
import QuireIdentifiers
import Scheduling
import Testing

@Suite struct `An engine on its own thread` {
    private static let prompts = TinyModel.prompts(12, seed: 21, lengths: 3...40)

    private static func parameters(_ index: Int) -> SamplingParameters {
        SamplingParameters(
            temperature: index.isMultiple(of: 2) ? 0 : 1, maxTokens: 6 + index,
            seed: UInt64(index), logprobs: 2, stop: ["qz"])
    }

    private static var requests: [GenerationRequest] {
        prompts.enumerated().map {
            GenerationRequest(prompt: $1, parameters: parameters($0))
        }
    }

    private static func offline() throws -> [Answer] {
        try requests.map { request in
            Answer(try TinyModel().llm.generate([request.prompt], request.parameters)[0])
        }
    }

    @Test func `answers as offline, and the deltas make the answer`() async throws {
        let expected = try Self.offline()
        let model = try await OnlineModel()
        let streams = try Self.requests.map { try model.engine.submit($0) }
        for (index, stream) in streams.enumerated() {
            let reading = try await Reading.all(stream)
            let completion = try #require(reading.completions.first)
            #expect(Answer(completion) == expected[index])
            #expect(reading.completions.count == 1)
            #expect(reading.text == completion.text)
            #expect(reading.tokens == completion.tokens)
            #expect(reading.reasons == [completion.finishReason])
        }
        #expect(await model.isCleanAtEnd())
        #expect(
            model.engine.statistics.generatedTokens == expected.reduce(0) { $0 + $1.tokens.count })
    }

    @Test func `many tasks submit at once, and each gets its own answer`() async throws {
        let expected = try Self.offline()
        let model = try await OnlineModel()
        let engine = model.engine
        let requests = Self.requests
        try await withThrowingTaskGroup(of: (Int, Completion).self) { group in
            for task in 0..<96 {
                group.addTask {
                    let index = task % requests.count
                    let answers = try await engine.submit(requests[index]).completions()
                    return (index, answers[0])
                }
            }
            for try await (index, completion) in group {
                #expect(Answer(completion) == expected[index])
            }
        }
        #expect(await model.isCleanAtEnd())
        #expect(engine.statistics.finished.values.reduce(0, +) == 96)
    }

    @Test func `a reader that never reads holds up nobody`() async throws {
        let expected = try Self.offline()
        let model = try await OnlineModel()
        let lazy = try model.engine.submit(Self.requests[11])
        for (index, request) in Self.requests.enumerated() {
            let answers = try await model.engine.submit(request).completions()
            #expect(Answer(answers[0]) == expected[index])
        }
        await model.engine.shutdown()
        let late = try await Reading.all(lazy)
        #expect(late.completions.map(Answer.init) == [expected[11]])
        #expect(late.text == expected[11].text)
        #expect(await model.isCleanAtEnd())
    }

    @Test func `bad requests are refused at once or by their stream, the engine goes on`()
        async throws
    {
        let model = try await OnlineModel(length: 64)
        let parameters = SamplingParameters(maxTokens: 2)
        #expect(throws: EngineError.self) {
            try model.engine.submit(GenerationRequest(prompt: [32], parameters: parameters))
        }
        #expect(throws: EngineError.self) {
            try model.engine.submit(
                GenerationRequest(prompt: [1], parameters: SamplingParameters(maxTokens: -1)))
        }
        for prompt in [[], Array(repeating: TokenID(1), count: 64)] {
            let stream = try model.engine.submit(
                GenerationRequest(prompt: prompt, parameters: parameters))
            let error = await #expect(throws: EngineError.self) { try await stream.completions() }
            #expect(error?.code == (prompt.isEmpty ? .invalidPrompt : .promptTooLong))
        }
        let fine = try model.engine.submit(
            GenerationRequest(prompt: [1, 2], parameters: parameters))
        #expect(try await fine.completions().count == 1)
        #expect(await model.isCleanAtEnd())
    }

    @Test func `more than may wait are refused at once`() async throws {
        let model = try await OnlineModel(isGated: true, running: 1, waiting: 3)
        let request = Self.requests[0]
        let first = try model.engine.submit(request)
        await model.gate.awaitArrival(1)
        let others = try (0..<3).map { _ in try model.engine.submit(request) }
        let error = #expect(throws: EngineError.self) { try model.engine.submit(request) }
        #expect(error?.code == .queueFull)
        model.gate.open()
        for stream in [first] + others { #expect(try await stream.completions().count == 1) }
        #expect(try await model.engine.submit(request).completions().count == 1)
        #expect(await model.isCleanAtEnd())
    }

    @Test func `an executor that cannot be made is an error, and no thread stays`() async throws {
        struct NoModel: Error {}
        let model = try TinyModel()
        let tokenizer = model.llm.tokenizer
        let layout = model.llm.layout
        let error = await #expect(throws: EngineError.self) {
            try await Engine(tokenizer: tokenizer, layout: layout) { throw NoModel() }
        }
        #expect(error?.code == .executorFailed)
    }

    @Test func `after a shutdown nothing is taken, and what was taken has its end`() async throws {
        for mode in [ShutdownMode.drain, .abort] {
            let expected = try Self.offline()
            let model = try await OnlineModel(isGated: true)
            let streams = try Self.requests.map { try model.engine.submit($0) }
            await model.gate.awaitArrival(1)
            let ended = Task.immediate { await model.engine.shutdown(mode) }
            model.gate.open()
            await ended.value
            let error = #expect(throws: EngineError.self) {
                try model.engine.submit(Self.requests[0])
            }
            #expect(error?.code == .stopped)
            for (index, stream) in streams.enumerated() {
                let reading = try await Reading.all(stream)
                let answer = Answer(try #require(reading.completions.first))
                #expect(expected[index].tokens.starts(with: answer.tokens))
                if mode == .drain { #expect(answer == expected[index]) }
                #expect(reading.text == answer.text)
            }
            #expect(await model.isCleanAtEnd())
            await model.engine.pause(.wait)
            #expect(await model.engine.resetPrefixCache() == false)
        }
    }

    @Test func `an engine that is dropped ends what it has`() async throws {
        var model: OnlineModel? = try await OnlineModel(isGated: true)
        let gate = try #require(model?.gate)
        let stream = try #require(try model?.engine.submit(Self.requests[0]))
        await gate.awaitArrival(1)
        model = nil
        gate.open()
        let reading = try await Reading.all(stream)
        #expect(reading.reasons.count == 1)
    }
}
