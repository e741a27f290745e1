import FakeExecutor
import QuireEngine
import QuireIdentifiers
import Scheduling
import Testing

@Suite struct `Giving up` {
    private static let prompts = TinyModel.prompts(5, seed: 33, lengths: 5...30)
    private static let parameters = SamplingParameters(
        maxTokens: 9, logprobs: 1, ignoreEOS: true)
    private static var requests: [GenerationRequest] {
        prompts.map { GenerationRequest(prompt: $0, parameters: parameters) }
    }

    private static func offline() throws -> [Answer] {
        try prompts.map { Answer(try TinyModel().llm.generate([$0], parameters)[0]) }
    }

    /// How a reader gives up.
    enum Way: CaseIterable {
        case leaveLoop, cancelStream, cancelByID, cancelTask
    }

    @Test(arguments: Way.allCases)
    func `at the n-th delta leaks nothing and disturbs nobody`(way: Way) async throws {
        let expected = try Self.offline()
        for quitAfter in 1...9 {
            let model = try await OnlineModel()
            let engine = model.engine
            let streams = try Self.requests.map { try engine.submit($0) }
            let quitter = Task {
                var seen = Reading()
                var deltas = 0
                for try await delta in streams[1] {
                    seen.take(delta)
                    deltas += 1
                    guard deltas == quitAfter else { continue }
                    switch way {
                    case .leaveLoop: return seen
                    case .cancelStream: streams[1].cancel()
                    case .cancelByID: engine.cancel(streams[1].id)
                    case .cancelTask: unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
                    }
                }
                return seen
            }
            for (index, stream) in streams.enumerated() where index != 1 {
                let completions = try await stream.completions()
                #expect(completions.map(Answer.init) == [expected[index]])
            }
            let seen = try await quitter.value
            #expect(expected[1].tokens.starts(with: seen.tokens))
            #expect(expected[1].text.hasPrefix(seen.text))
            if let completion = seen.completions.first {
                #expect(completion.tokens == seen.tokens)
                #expect(completion.text == seen.text)
            } else {
                #expect(way == .leaveLoop)
            }
            #expect(await model.isCleanAtEnd())
        }
    }

    @Test(arguments: 0..<14)
    func `after any number of steps, queued or computing, frees within a step`(steps: Int)
        async throws
    {
        let expected = try Self.offline()
        let model = try await OnlineModel(isGated: true, chunk: 8, running: 2)
        let streams = try Self.requests.map { try model.engine.submit($0) }
        // The step after those allowed stands at the gate when the request is given up.
        model.gate.allow(steps)
        await model.gate.awaitArrival(steps + 1)
        streams[2].cancel()
        model.gate.open()
        for (index, stream) in streams.enumerated() {
            let answer = Answer(try #require(try await stream.completions().first))
            if index == 2 {
                #expect(expected[2].tokens.starts(with: answer.tokens))
                #expect(answer.reason == .cancelled || answer == expected[2])
            } else {
                #expect(answer == expected[index])
            }
        }
        #expect(await model.isCleanAtEnd())
    }

    /// E32
    @Test func `while the last step runs the request ends once`() async throws {
        let model = try await OnlineModel(isGated: true)
        var request = Self.requests[0]
        request.prompt = [1, 2, 3]
        request.parameters.maxTokens = 2
        let stream = try model.engine.submit(request)
        model.gate.allow(1)
        await model.gate.awaitArrival(2)
        stream.cancel()
        model.gate.open()
        let reading = try await Reading.all(stream)
        #expect(reading.reasons == [.length])
        #expect(reading.completions.count == 1)
        #expect(await model.isCleanAtEnd())
        #expect(model.engine.statistics.finished == [.length: 1])
    }

    /// S29
    @Test func `two hundred times leaves an engine that answers`() async throws {
        let expected = try Self.offline()
        let model = try await OnlineModel()
        let parameters = SamplingParameters(maxTokens: 90, ignoreEOS: true)
        for number in 0..<200 {
            let stream = try model.engine.submit(
                GenerationRequest(prompt: Self.prompts[number % 5], parameters: parameters))
            if number.isMultiple(of: 3) { for try await _ in stream { break } }
        }
        let answers = try await model.engine.submit(Self.requests[3]).completions()
        #expect(answers.map(Answer.init) == [expected[3]])
        #expect(await model.isCleanAtEnd())
        #expect(model.engine.statistics.finished.values.reduce(0, +) == 201)
    }

    @Test func `a step that throws, whichever it is, ends its requests and the engine goes on`()
        async throws
    {
        let expected = try Self.offline()
        for step in 0..<20 {
            let model = try await OnlineModel(failingStep: step)
            let streams = try Self.requests.map { try model.engine.submit($0) }
            for (index, stream) in streams.enumerated() {
                do throws(EngineError) {
                    let answers = try await stream.completions()
                    #expect(answers.map(Answer.init) == [expected[index]])
                } catch {
                    #expect(error.code == .executorFailed)
                }
            }
            let again = try model.engine.submit(Self.requests[0])
            do throws(EngineError) {
                #expect(try await again.completions().map(Answer.init) == [expected[0]])
            } catch {
                #expect(error.code == .executorFailed)
            }
            #expect(await model.isCleanAtEnd(), "step \(step)")
        }
    }
}
