import FakeExecutor
import KVCache
import QuireEngine
import QuireIdentifiers
import Scheduling
import Testing

/// Row D7: a context that was fitted to the memory.
@Suite struct `A context that fits the memory` {
    @Test func `refuses what is longer, with both lengths, and goes on`() throws {
        // 1 KiB a token: 61 blocks of 16 tokens in a megabyte.
        var planner = KVPlanner(
            geometry: KVGeometry(spans: [.full, .full], kvHeads: 1, headDim: 128),
            maxModelLength: 2048, maxChunk: 64)
        let length = try planner.maximumLength(budget: 1_000_000)
        #expect(length == 976)
        planner.maxModelLength = length
        let layout = try planner.plan(budget: 1_000_000)
        #expect(layout.capacity == 61)
        let executor = HashExecutor(layout: layout, maxStepTokens: 64, maxStepOutputs: 8)
        let llm = try LLM(
            executor: executor, tokenizer: TinyModel.tokenizer(), layout: layout,
            configuration: SchedulerConfiguration(
                maxStepTokens: 64, maxStepOutputs: 8, maxChunk: 64, maxRunning: 4))
        let requests = [length + 10, length, length - 1].map { count in
            GenerationRequest(
                prompt: Array(repeating: 1, count: count),
                parameters: SamplingParameters(maxTokens: 5, ignoreEOS: true))
        }
        let results = llm.answer(requests)
        for (result, count) in zip(results, [986, 976]) {
            let error = #expect(throws: EngineError.self) { try result.get() }
            #expect(error?.code == .promptTooLong)
            #expect(error?.message.contains("\(count) tokens") == true)
            #expect(error?.message.contains("maximum context length of 976 tokens") == true)
            #expect(error?.message.contains("shorten the prompt") == true)
        }
        #expect(try results[2].get().tokens.count == 1, "there is room for one token")
        #expect(try results[2].get().finishReason == .length)
        #expect(llm.isIdle && llm.usedBlocks == 0)
    }
}
