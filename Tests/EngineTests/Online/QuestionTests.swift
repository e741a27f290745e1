import FakeExecutor
import KVCache
import QuireEngine
import QuireIdentifiers
import Scheduling
import Testing

@Suite struct `Between two steps an engine` {
    private static let parameters = SamplingParameters(maxTokens: 4, ignoreEOS: true)

    @Test func `says why a request waits`() async throws {
        let model = try await OnlineModel(isGated: true, running: 1)
        let streams = try TinyModel.prompts(3, seed: 1, lengths: 5...9).map {
            try model.engine.submit(GenerationRequest(prompt: $0, parameters: Self.parameters))
        }
        // The first step may have been planned before all had arrived, the second has seen all.
        await model.gate.awaitArrival(1)
        model.gate.allow(1)
        await model.gate.awaitArrival(2)
        let questions = streams.map { stream in
            Task.immediate { await model.engine.waitReason(of: stream.id) }
        }
        model.gate.allow(1)
        var reasons: [WaitReason?] = []
        for question in questions { reasons.append(await question.value) }
        #expect(reasons == [nil, .slots, .slots])
        #expect(await model.isCleanAtEnd())
        #expect(await model.engine.waitReason(of: streams[0].id) == nil)
    }

    @Test func `pins a prefix, which then survives whatever comes`() async throws {
        let model = try await OnlineModel(sequences: 2)
        let engine = model.engine
        let prefix = TinyModel.prompts(1, seed: 50, lengths: 24...24)[0]
        func cached() async throws -> Int {
            let request = GenerationRequest(prompt: prefix + [1], parameters: Self.parameters)
            return try await engine.submit(request).completions()[0].timeline.cachedTokens
        }
        func flood(_ seed: UInt64) async throws {
            for prompt in TinyModel.prompts(20, seed: seed, lengths: 60...90) {
                _ = try await engine.submit(
                    GenerationRequest(prompt: prompt, parameters: Self.parameters)
                ).completions()
            }
        }
        await #expect(throws: EngineError.self) { try await engine.pin(prefix) }
        #expect(try await cached() == 0)
        let (pin, tokens) = try await engine.pin(prefix)
        #expect(tokens == 24)
        try await flood(1)
        #expect(try await cached() == 24)
        #expect(await engine.unpin(pin))
        #expect(await !engine.unpin(pin))
        try await flood(2)
        #expect(try await cached() < 24)
        #expect(await model.isCleanAtEnd())
    }
}
