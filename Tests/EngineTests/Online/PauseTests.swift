import FakeExecutor
import QuireEngine
import QuireIdentifiers
import Scheduling
import Testing

/// E33
@Suite struct `A pause` {
    private static let prompts = TinyModel.prompts(4, seed: 40, lengths: 5...20)
    private static let parameters = SamplingParameters(maxTokens: 12, ignoreEOS: true)
    private static var requests: [GenerationRequest] {
        prompts.map { GenerationRequest(prompt: $0, parameters: parameters) }
    }

    private static func offline() throws -> [Answer] {
        try prompts.map { Answer(try TinyModel().llm.generate([$0], parameters)[0]) }
    }

    @Test(arguments: 1...10)
    func `that keeps loses no token`(steps: Int) async throws {
        let expected = try Self.offline()
        let model = try await OnlineModel(isGated: true, running: 2)
        let streams = try Self.requests.map { try model.engine.submit($0) }
        model.gate.allow(steps - 1)
        await model.gate.awaitArrival(steps)
        await model.pause(.keep)
        let before = model.gate.arrived
        let late = try model.engine.submit(Self.requests[0])
        #expect(model.engine.statistics.scheduling.running > 0)
        for _ in 0..<100 { await Task.yield() }
        #expect(model.gate.arrived == before, "no step is made in a pause")
        model.engine.resume()
        for (index, stream) in streams.enumerated() {
            #expect(try await stream.completions().map(Answer.init) == [expected[index]])
        }
        #expect(try await late.completions().map(Answer.init) == [expected[0]])
        #expect(await model.isCleanAtEnd())
    }

    @Test func `that waits answers what is there and holds back what comes`() async throws {
        let expected = try Self.offline()
        let model = try await OnlineModel(isGated: true, running: 2)
        let streams = try Self.requests.dropLast().map { try model.engine.submit($0) }
        await model.gate.awaitArrival(1)
        await model.pause(.wait)
        for (index, stream) in streams.enumerated() {
            #expect(try await stream.completions().map(Answer.init) == [expected[index]])
        }
        let before = model.gate.arrived
        let late = try model.engine.submit(Self.requests[3])
        for _ in 0..<100 { await Task.yield() }
        #expect(model.gate.arrived == before)
        model.engine.resume()
        #expect(try await late.completions().map(Answer.init) == [expected[3]])
        #expect(await model.isCleanAtEnd())
    }

    @Test func `that aborts ends all, the queued ones too`() async throws {
        let model = try await OnlineModel(isGated: true, running: 2)
        let streams = try Self.requests.map { try model.engine.submit($0) }
        await model.gate.awaitArrival(1)
        await model.pause(.abort)
        for stream in streams {
            #expect(try await Reading.all(stream).reasons == [.cancelled])
        }
        #expect(model.engine.statistics.scheduling.usedBlocks == 0)
        model.engine.resume()
        #expect(try await model.engine.submit(Self.requests[0]).completions().count == 1)
        #expect(await model.isCleanAtEnd())
    }

    @Test(arguments: [PauseMode.keep, .wait])
    func `lets those who wait be given up`(mode: PauseMode) async throws {
        let model = try await OnlineModel(isGated: true, running: 1)
        let first = try model.engine.submit(Self.requests[0])
        let second = try model.engine.submit(Self.requests[1])
        await model.gate.awaitArrival(1)
        await model.pause(mode)
        let held = try model.engine.submit(Self.requests[2])
        held.cancel()
        #expect(try await Reading.all(held).reasons == [.cancelled])
        second.cancel()
        let reasons = try await Reading.all(second).reasons
        #expect(reasons == [mode == .keep ? .cancelled : .length])
        model.engine.resume()
        #expect(try await first.completions().first?.finishReason == .length)
        #expect(await model.isCleanAtEnd())
    }

    @Test func `ends with a shutdown, which answers what was held`() async throws {
        let expected = try Self.offline()
        let model = try await OnlineModel()
        await model.engine.pause(.keep)
        let streams = try Self.requests.map { try model.engine.submit($0) }
        await model.engine.shutdown(.drain)
        for (index, stream) in streams.enumerated() {
            #expect(try await stream.completions().map(Answer.init) == [expected[index]])
        }
        #expect(await model.isCleanAtEnd())
    }
}
