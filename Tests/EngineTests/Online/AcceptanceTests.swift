import FakeExecutor
import QuireEngine
import QuireIdentifiers
import Scheduling
import Testing

/// B.3: why a request is refused, and that it is known before the first byte of its answer.
@Suite struct `A refusal` {
    private static func request(
        _ prompt: [TokenID], _ change: (inout SamplingParameters) -> Void = { _ in }
    ) -> GenerationRequest {
        var parameters = SamplingParameters(maxTokens: 4, ignoreEOS: true)
        change(&parameters)
        return GenerationRequest(prompt: prompt, parameters: parameters)
    }

    private static let long = [TokenID](repeating: 1, count: 64)

    @Test func `is known before anything of the answer, with its own reason`() async throws {
        let model = try await OnlineModel(length: 64)
        let letters = "abcdefghijklmnopqrstuvwxyz".map(String.init)
        // Each comes to two sequences of tokens, with and without a space.
        let words = (0..<128).map { letters[$0 % 26] + letters[$0 / 26] }
        for (request, code) in [
            (Self.request([]), EngineError.Code.invalidPrompt),
            (Self.request(Self.long), .promptTooLong),
            (Self.request([1]) { $0.badWords = words }, .invalidParameters),
        ] {
            let stream = try model.engine.submit(request)
            let refusal = await #expect(throws: EngineError.self) { try await stream.accepted() }
            #expect(refusal?.code == code)
            // It stays known, and reading says the same.
            let again = await #expect(throws: EngineError.self) { try await stream.accepted() }
            let read = await #expect(throws: EngineError.self) { try await stream.completions() }
            #expect(again == refusal && read == refusal)
        }
        let fine = try model.engine.submit(Self.request([1, 2]))
        try await fine.accepted()
        #expect(try await fine.completions()[0].tokens.count == 4)
        try await fine.accepted()
        #expect(await model.isCleanAtEnd())
    }

    @Test func `is told apart from a failure`() async throws {
        let model = try await OnlineModel(isGated: true, failingStep: 0)
        let stream = try model.engine.submit(Self.request([1, 2]))
        // Its first step stands: it was taken in, and has no token.
        try await stream.accepted()
        model.gate.open()
        let error = await #expect(throws: EngineError.self) { try await stream.completions() }
        #expect(error?.code == .executorFailed)
        try await stream.accepted()
        #expect(await model.isCleanAtEnd())
    }

    @Test func `waits through a pause, and whoever gives up meanwhile is let go`() async throws {
        let model = try await OnlineModel(length: 64)
        await model.engine.pause(.keep)
        let good = try model.engine.submit(Self.request([1, 2]))
        let bad = try model.engine.submit(Self.request(Self.long))
        let gone = try model.engine.submit(Self.request([3]))
        gone.cancel()
        try await gone.accepted()
        model.engine.resume()
        try await good.accepted()
        let error = await #expect(throws: EngineError.self) { try await bad.accepted() }
        #expect(error?.code == .promptTooLong)
        #expect(try await good.completions().count == 1)
        #expect(await model.isCleanAtEnd())
    }

    @Test func `a task that is cancelled while it waits cancels the request`() async throws {
        let model = try await OnlineModel()
        await model.engine.pause(.keep)
        let stream = try model.engine.submit(Self.request([1, 2]))
        let waiting = Task { try await stream.accepted() }
        waiting.cancel()
        try await waiting.value
        let answers = try await stream.completions()
        #expect(answers.map(\.finishReason) == [.cancelled])
        #expect(await model.isCleanAtEnd())
    }

    @Test func `an engine that ends says so`() async throws {
        let model = try await OnlineModel()
        await model.engine.shutdown()
        let error = #expect(throws: EngineError.self) {
            try model.engine.submit(Self.request([1]))
        }
        #expect(error?.code == .stopped)
    }

    @Test func `for want of blocks is no bad request`() throws {
        let model = try TinyModel { $0.admission = .reserve }
        let error = #expect(throws: EngineError.self) {
            try model.llm.generate(
                [[1, 2]],
                .with(temperature: 1) {
                    $0.maxTokens = 100
                    $0.n = 50
                })
        }
        #expect(error?.code == .insufficientCache)
        #expect(error?.message.contains("enlarge the cache") == true)
        #expect(model.isClean)
    }

    @Test func `for a full queue is told apart, and a feed waits instead`() throws {
        let prompts = TinyModel.prompts(9, seed: 4, lengths: 10...20)
        let requests = prompts.map { Self.request($0) }
        let crowded = try TinyModel(running: 1) { $0.maxWaitingTokens = 20 }
        var codes: Set<EngineError.Code> = []
        for case .failure(let error) in crowded.llm.answer(requests) { codes.insert(error.code) }
        #expect(codes == [.queueFull])
        #expect(crowded.isClean)

        let model = try TinyModel(running: 1) { $0.maxWaitingTokens = 20 }
        var waiting = requests[...]
        var answers: [Int: Answer] = [:]
        try model.llm.feed(inFlight: 6, next: { () throws(EngineError) in waiting.popFirst() }) {
            index, result throws(EngineError) in
            answers[index] = Answer(try result.get()[0])
        }
        for (index, prompt) in prompts.enumerated() {
            let alone = try TinyModel().llm.generate([prompt], requests[index].parameters)[0]
            #expect(answers[index] == Answer(alone))
        }
        #expect(model.isClean)
    }
}
