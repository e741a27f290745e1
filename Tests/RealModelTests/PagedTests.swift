import KVCache
import ModelsTestSupport
import QuireIdentifiers
import QuireModels
import Testing

/// Real models: what is computed through blocks is, to the bit, what a contiguous cache gives.
@Suite(.enabled(if: RealModel.isThere), .serialized)
struct PagedTests {
    static let maxModelLength = 1024

    static let blockSizes = RealModel.isThrifty ? [16] : [1, 8, 16, 32, 256, maxModelLength]
    static let windowBlockSizes = RealModel.isThrifty ? [16] : [1, 16, 256]

    @Test(arguments: RealModel.allCases, blockSizes)
    func `paged equals contiguous for every chunk and number of threads`(
        model: RealModel, blockSize: Int
    ) throws {
        let prompt = try prompt(of: model, tokens: RealModel.isThrifty ? 40 : 66)
        let contiguous = try model.driver(blockSize: Self.maxModelLength, maxStepOutputs: 1)
        let expected = contiguous.greedy(prompt, count: 3)
        for threads in [1, 2] {
            let paged = try model.driver(
                blockSize: blockSize, threads: threads, maxStepOutputs: 1)
            for chunk in RealModel.isThrifty ? [7, prompt.count] : [1, 7, 64, prompt.count] {
                let found = paged.greedy(prompt, count: 3, chunk: chunk)
                #expect(found.tokens == expected.tokens, "chunk \(chunk), threads \(threads)")
                #expect(found.logits == expected.logits, "chunk \(chunk), threads \(threads)")
            }
            #expect(paged.cache.pool.freeCount == paged.cache.layout.capacity)
        }
    }

    @Test(arguments: windowBlockSizes)
    func `a prompt longer than the window is paged exactly and gives blocks back`(
        blockSize: Int
    ) throws {
        let model = RealModel.gemma270m
        let prompt = try prompt(of: model, tokens: 600)
        let contiguous = try model.driver(blockSize: Self.maxModelLength, maxStepOutputs: 1)
        let expected = contiguous.greedy(prompt, count: 4)
        let paged = try model.driver(blockSize: blockSize, maxStepOutputs: 1)
        let sequence = paged.start()
        let logits = paged.prefill(sequence, prompt, chunk: 64)
        #expect(logits == expected.logits[0])
        // The next query, at 600, sees 89 to 600 in the local groups.
        let entries = (600 + blockSize - 1) / blockSize
        let groups = paged.cache.layout.groups
        let local = groups.count { $0.span == .slidingWindow(512) }
        let held = entries - 89 / blockSize
        #expect(local > 0 && local < groups.count)
        #expect(paged.liveBlocks(sequence) == local * held + (groups.count - local) * entries)
        paged.finish(sequence)
        #expect(paged.cache.pool.freeCount == paged.cache.layout.capacity)
        if RealModel.isThrifty { return }
        let again = paged.greedy(prompt, count: 4, chunk: 171)
        #expect(again.logits == expected.logits)
    }

    private func prompt(of model: RealModel, tokens: Int) throws -> [TokenID] {
        let prompts = try model.references().prompts
        let long = try #require(prompts.first { $0.name == "long-700" })
        return Array(long.tokens.prefix(tokens))
    }
}
