import FakeExecutor
import QuireEngine
import QuireIdentifiers
import Scheduling
import Testing

@Suite struct `The status of requests` {
    private static let parameters = SamplingParameters(maxTokens: 4, ignoreEOS: true)

    @Test func `tells where they are, and of those that have ended nothing`() async throws {
        let model = try await OnlineModel(isGated: true, running: 1)
        let prompts = TinyModel.prompts(2, seed: 1, lengths: 5...9)
        let streams = try prompts.map {
            try model.engine.submit(GenerationRequest(prompt: $0, parameters: Self.parameters))
        }
        await model.gate.awaitArrival(1)
        model.gate.allow(1)
        await model.gate.awaitArrival(2)
        let question = Task.immediate { await model.engine.statuses(of: streams.map(\.id)) }
        model.gate.allow(1)
        let statuses = await question.value
        #expect(statuses.map(\.id) == streams.map(\.id))
        #expect(statuses.map(\.state) == [.running, .queued])
        #expect(statuses.map(\.waitReason) == [nil, .slots])
        #expect(statuses.map(\.promptTokens) == prompts.map(\.count))
        #expect(statuses.map(\.generatedTokens) == [2, 0])
        #expect(statuses.map(\.computedTokens) == [prompts[0].count + 1, 0])
        let (first, second) = (statuses[0], statuses[1])
        #expect(first.timeline.firstToken != nil)
        #expect(
            first.queuedTime + first.prefillTime + first.decodeTime
                == first.now - first.timeline.queued)
        #expect(second.queuedTime == second.now - second.timeline.queued)
        #expect(second.prefillTime == .zero && second.decodeTime == .zero)
        #expect(await model.isCleanAtEnd())
        #expect(await model.engine.statuses(of: streams.map(\.id)).isEmpty)
    }

    @Test func `tells of those that came during a pause and of those that lost their place`()
        async throws
    {
        let model = try await OnlineModel(isGated: true)
        let prompts = TinyModel.prompts(2, seed: 2, lengths: 5...9)
        let first = try model.engine.submit(
            GenerationRequest(prompt: prompts[0], parameters: Self.parameters))
        await model.gate.awaitArrival(1)
        await model.pause(.keep)
        let second = try model.engine.submit(
            GenerationRequest(prompt: prompts[1], parameters: Self.parameters))
        #expect(await model.engine.resetPrefixCache(preemptRunning: true))
        let statuses = await model.engine.statuses(of: [first.id, second.id])
        #expect(statuses.map(\.state) == [.preempted, .held])
        #expect(statuses.map(\.computedTokens) == [0, 0])
        #expect(statuses[0].timeline.preemptions.count == 1)
        model.engine.resume()
        #expect(await model.isCleanAtEnd())
    }

    @Test func `a reset shows in the statistics at once`() async throws {
        let model = try await OnlineModel()
        let prompt = TinyModel.prompts(1, seed: 3, lengths: 24...24)[0]
        let free = model.engine.statistics.scheduling.freeBlocks
        #expect(free > 0, "known before the first step")
        _ = try await model.engine.submit(
            GenerationRequest(prompt: prompt, parameters: Self.parameters)
        ).completions()
        #expect(model.engine.statistics.scheduling.cachedBlocks > 0)
        #expect(await model.engine.resetPrefixCache())
        #expect(model.engine.statistics.scheduling.cachedBlocks == 0)
        #expect(model.engine.statistics.scheduling.freeBlocks == free)
        #expect(await model.isCleanAtEnd())
    }
}
