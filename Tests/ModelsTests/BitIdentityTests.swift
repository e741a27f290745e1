import KVCache
import ModelsTestSupport
import QuireIdentifiers
import Testing

@testable import QuireModels

/// A token's logits do not depend, to the bit, on how its sequence was paged, chunked, threaded
/// or batched.
struct BitIdentityTests {
    static let maxModelLength = 256

    @Test(
        arguments: [
            "llama", "qwen2", "gemma3", "olmo2", "granite", "phi3", "hunyuan-dense", "cohere2",
            "qwen2moe",
        ],
        [1, 8, 16, 32, 256])
    func `paged and chunked equals contiguous and whole`(
        architecture: String, blockSize: Int
    ) throws {
        let tiny = TinyModel(architecture, seed: 21)
        let tokens = randomTokens(75, of: tiny, seed: 22)
        let contiguous = try TinyRun(tiny, dtype: .f16, blockSize: Self.maxModelLength)
        let expected = contiguous.allLogits(tokens)
        for threads in [1, 2] {
            let paged = try TinyRun(tiny, dtype: .f16, blockSize: blockSize, threads: threads)
            for chunk in [1, 7, 64, tokens.count] {
                #expect(
                    paged.allLogits(tokens, chunk: chunk) == expected,
                    "chunk \(chunk), threads \(threads)")
            }
        }
    }

    @Test(arguments: ["llama", "gemma3"])
    func `prefills beside decodes of others equal each request alone`(
        architecture: String
    ) throws {
        let tiny = TinyModel(architecture, seed: 31)
        let prompts = [19, 3, 40].enumerated().map { index, count in
            randomTokens(count, of: tiny, seed: UInt64(index))
        }
        let alone = try prompts.map { prompt in
            try TinyRun(tiny, dtype: .f16).allLogits(prompt)
        }
        let driver = try TinyRun(tiny, dtype: .f16, blockSize: 8, threads: 2).driver
        let sequences = prompts.map { _ in driver.start() }
        var fed = [0, 0, 0]
        var found: [[[Float]]] = [[], [], []]
        // How many tokens each request runs in each step: decodes (1) beside chunks.
        let steps = [[7, 0, 0], [1, 3, 0], [1, 0, 13], [10, 0, 1], [0, 0, 26]]
        for step in steps {
            var feeds: [SequenceDriver.Feed] = []
            for (request, count) in step.enumerated() where count > 0 {
                let part = Array(prompts[request][fed[request]..<fed[request] + count])
                feeds.append(.init(sequences[request], part, outputs: count))
                fed[request] += count
            }
            var rest = driver.step(feeds)[...]
            for (request, count) in step.enumerated() {
                found[request] += rest.prefix(count)
                rest = rest.dropFirst(count)
            }
        }
        #expect(fed == [19, 3, 40])
        #expect(found == alone)
    }

    @Test(arguments: ["llama", "qwen2", "gemma3"], [1, 2])
    func `logits do not depend on how many of a step are wanted`(
        architecture: String, threads: Int
    ) throws {
        let tiny = TinyModel(architecture, seed: 71)
        let prompts = [41, 26].enumerated().map { index, count in
            randomTokens(count, of: tiny, seed: UInt64(index))
        }
        let alone = try prompts.map { prompt in
            try TinyRun(tiny, dtype: .f16).allLogits(prompt)
        }
        let driver = try TinyRun(tiny, dtype: .f16, blockSize: 8, threads: threads).driver
        let sequences = prompts.map { _ in driver.start() }
        var fed = [0, 0]
        // Each request's tokens in a step, and how many of the last ones are wanted.
        let steps = [
            [(9, 0), (5, 0)], [(8, 1), (0, 0)], [(7, 0), (4, 3)], [(6, 6), (7, 0)],
            [(1, 1), (9, 2)], [(10, 2), (1, 1)],
        ]
        for step in steps {
            var feeds: [SequenceDriver.Feed] = []
            var expected: [[Float]] = []
            for (request, (count, wanted)) in step.enumerated() where count > 0 {
                let end = fed[request] + count
                let part = Array(prompts[request][fed[request]..<end])
                feeds.append(.init(sequences[request], part, outputs: wanted))
                expected += alone[request][end - wanted..<end]
                fed[request] = end
            }
            #expect(driver.step(feeds) == expected)
        }
        #expect(fed == prompts.map(\.count))
    }

    @Test func `two equal prompts in one step get equal logits`() throws {
        let tiny = TinyModel("llama", seed: 41)
        let prompt = randomTokens(24, of: tiny, seed: 42)
        let driver = try TinyRun(tiny, dtype: .f16, blockSize: 8).driver
        let sequences = [driver.start(), driver.start()]
        let logits = driver.step(sequences.map { .init($0, prompt) })
        #expect(logits[0] == logits[1])
    }

    @Test func `greedy tokens come the same from a used cache as from a fresh one`() throws {
        let tiny = TinyModel("gemma3", seed: 51)
        let driver = try TinyRun(tiny, dtype: .f16, blockSize: 8).driver
        let prompt = randomTokens(30, of: tiny, seed: 52)
        let first = driver.greedy(prompt, count: 20)
        _ = driver.greedy(randomTokens(55, of: tiny, seed: 53), count: 5)
        let second = driver.greedy(prompt, count: 20, chunk: 11)
        #expect(first.tokens == second.tokens)
        #expect(first.logits == second.logits)
        #expect(driver.cache.pool.freeCount == driver.cache.layout.capacity)
    }

    @Test func `blocks that leave the window go back to the pool`() throws {
        let tiny = TinyModel("gemma3", seed: 61)  // 6 local layers of window 12, 1 global
        let driver = try TinyRun(tiny, dtype: .f16, blockSize: 4).driver
        let sequence = driver.start()
        _ = driver.prefill(sequence, randomTokens(60, of: tiny, seed: 62), chunk: 10)
        // The next query, at 60, sees 49 to 60: blocks 12 to 14 of a local group, all 15 of the
        // global one.
        let groups = driver.cache.layout.groups
        let local = groups.count { $0.span == .slidingWindow(12) }
        #expect(driver.liveBlocks(sequence) == 15 * (groups.count - local) + 3 * local)
        driver.finish(sequence)
        #expect(driver.cache.pool.freeCount == driver.cache.layout.capacity)
    }
}
