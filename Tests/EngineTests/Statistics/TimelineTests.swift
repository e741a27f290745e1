import FakeExecutor
import KVCache
import QuireEngine
import QuireIdentifiers
import Scheduling
import Testing

@Suite struct `The timeline of a request` {
    private static let prompt = TinyModel.prompts(1, seed: 6, lengths: 33...33)[0]

    @Test func `tells what the cache had and where and why it ended`() throws {
        let model = try TinyModel(spans: [.full])
        let parameters = SamplingParameters(maxTokens: 1)
        let cold = try model.llm.generate([Self.prompt], parameters)[0].timeline
        #expect(cold.cachedTokens == 0)
        #expect(cold.prefixEnd == .uncached(position: 0))

        let warm = try model.llm.generate([Self.prompt], parameters)[0].timeline
        #expect(warm.cachedTokens == 32)
        #expect(warm.prefixEnd == .limit(position: 32))

        var other = Self.prompt
        other[21] = TinyModel.end
        let apart = try model.llm.generate([other], parameters)[0].timeline
        #expect(apart.cachedTokens == 21, "hits are by token, not by block")
        #expect(
            apart.prefixEnd
                == .mismatch(position: 21, wanted: TinyModel.end, cached: Self.prompt[21]))

        var salted = GenerationRequest(prompt: Self.prompt, parameters: parameters)
        salted.cacheSalt = "somebody"
        #expect(try model.llm.answer([salted])[0].get().timeline.cachedTokens == 0)
        #expect(try model.llm.answer([salted])[0].get().timeline.cachedTokens == 32)

        let off = try TinyModel { $0.cache.prefixCaching = false }
        _ = try off.llm.generate([Self.prompt], parameters)
        let without = try off.llm.generate([Self.prompt], parameters)[0].timeline
        #expect(without.cachedTokens == 0)
        #expect(without.prefixEnd == .disabled)
    }

    @Test func `goes forward: queued, scheduled, first token, finished`() throws {
        let model = try TinyModel(running: 1)
        let answers = try model.llm.generate(
            TinyModel.prompts(4, seed: 3), SamplingParameters(maxTokens: 4, ignoreEOS: true))
        var lastEnd = Duration.zero
        for answer in answers {
            let scheduled = try #require(answer.timeline.scheduled)
            let first = try #require(answer.timeline.firstToken)
            let finished = try #require(answer.timeline.finished)
            #expect(answer.timeline.queued <= scheduled)
            #expect(scheduled <= first && first <= finished)
            #expect(scheduled >= lastEnd, "one at a time")
            lastEnd = finished
            let timings = answer.timings
            #expect(
                timings.queued + timings.prefill + timings.decode
                    == finished - answer.timeline.queued)
        }
    }

    @Test func `has every preemption, with its reason and what it cost`() throws {
        let model = try TinyModel { configuration in
            configuration.forcedPreemption = .init(every: 3)
            configuration.cache.prefixCaching = false
        }
        let answers = try model.llm.generate(
            TinyModel.prompts(3, seed: 8), SamplingParameters(maxTokens: 9, ignoreEOS: true))
        let all = answers.flatMap(\.timeline.preemptions)
        #expect(!all.isEmpty)
        #expect(all.allSatisfy { $0.preemption.reason == .forced })
        #expect(all.count == model.llm.statistics.scheduling.preemptions[.forced])
        let lost = answers.reduce(0) { $0 + $1.timeline.recomputedTokens }
        #expect(lost == model.llm.statistics.scheduling.recomputedTokens)
        #expect(lost > 0)
    }
}

@Suite struct `Statistics` {
    /// G17
    @Test func `count a prompt when its first token is there, without what the cache had`() throws {
        let prompt = TinyModel.prompts(1, seed: 30, lengths: 1_000...1_000)[0]
        let model = try TinyModel(spans: [.full], blockSize: 8, length: 1_100, chunk: 64)
        let request = GenerationRequest(
            prompt: prompt, parameters: SamplingParameters(maxTokens: 2, ignoreEOS: true))
        var counts: [Int] = []
        let results = model.llm.answer(
            [request],
            isCancelled: {
                counts.append(model.llm.statistics.promptTokens)
                return false
            })
        #expect(try results[0].get().tokens.count == 2)
        // 16 steps for the prompt, the last of which gives the first token.
        #expect(counts == Array(repeating: 0, count: 16) + [1_000])
        #expect(model.llm.statistics.computedPromptTokens == 1_000)

        _ = model.llm.answer([request])
        #expect(model.llm.statistics.promptTokens == 2_000)
        #expect(model.llm.statistics.cachedPromptTokens == 999)
        #expect(model.llm.statistics.computedPromptTokens == 1_001, "one token is computed again")
        #expect(model.llm.statistics.generatedTokens == 4)
        #expect(model.llm.statistics.finished == [.length: 2])
        #expect(model.llm.statistics.prefixHitRate > 0.49)
        #expect(model.llm.statistics.prefixHitRate < 0.5)
    }

    /// G17
    @Test func `what was computed is what the cache did not have`() {
        var statistics = EngineStatistics()
        statistics.promptTokens = 10_000
        statistics.cachedPromptTokens = 1_200
        #expect(statistics.computedPromptTokens == 8_800)
    }

    /// G17: what was computed, hit in the pool and loaded from the host make the prompts.
    @Test(arguments: [0, 60])
    func `add up to the prompts, wherever their tokens came from`(hostSlots: Int) throws {
        let model = try TinyModel(spans: [.full], running: 1, sequences: 1) {
            $0.cache.hostSlots = hostSlots
        }
        let prompts = TinyModel.prompts(5, seed: 12, lengths: 60...60)
        for _ in 0..<2 {
            _ = try model.llm.generate(
                prompts + [prompts[4]], SamplingParameters(maxTokens: 3, ignoreEOS: true))
        }
        let statistics = model.llm.statistics
        #expect(statistics.promptTokens == 12 * 60)
        #expect(statistics.generatedTokens == 12 * 3)
        // Of each answer all but the last token are computed too.
        let computed = model.executor.steps.joined().reduce(0) { $0 + $1.queryLength }
        #expect(computed == statistics.computedPromptTokens + 12 * 2)
        #expect(statistics.scheduling.preemptionCount == 0)
        #expect(statistics.cachedPromptTokens >= (hostSlots > 0 ? 4 : 2) * 56)
        #expect(model.isClean)
    }

    /// E30
    @Test func `follow the requests from the queue to their end`() async throws {
        let model = try await OnlineModel(isGated: true)
        let engine = model.engine
        let requests = TinyModel.prompts(4, seed: 14, lengths: 3...9).map {
            GenerationRequest(
                prompt: $0, parameters: SamplingParameters(maxTokens: 8, ignoreEOS: true))
        }
        var streams = [try engine.submit(requests[0])]
        await model.gate.awaitArrival(1)
        model.gate.allow(1)
        await model.gate.awaitArrival(2)
        #expect(engine.statistics.scheduling.running == 1)
        #expect(engine.statistics.scheduling.waiting == 0)
        streams += try requests.dropFirst().map { try engine.submit($0) }
        // The step that stands at the gate was planned before they came.
        model.gate.allow(2)
        await model.gate.awaitArrival(4)
        #expect(engine.statistics.scheduling.running == 4)
        let gauges = engine.statistics.scheduling
        #expect(
            gauges.usedBlocks + gauges.cachedBlocks + gauges.freeBlocks + 1
                == engine.layout.blockCount)
        model.gate.open()
        for stream in streams { #expect(try await stream.completions().count == 1) }
        #expect(await model.isCleanAtEnd())
        #expect(engine.statistics.finished == [.length: 4])
    }
}
