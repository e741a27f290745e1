import KVCache
import TestSupport
import Testing

/// How many requests a cache holds, and the sizes of well-known models.
struct ConcurrencyTests {
    private func plan(
        _ spans: [AttentionSpan], blockSize: Int = 16, blocks: Int, context: Int = 2048
    ) throws -> CacheLayout {
        try KVPlanner(
            geometry: KVGeometry(spans: spans, kvHeads: 1, headDim: 64), blockSize: blockSize,
            maxModelLength: context, maxChunk: 64
        ).plan(blockCount: blocks + 1)
    }

    @Test(arguments: [
        // layers, kv heads, head dim, tokens, bytes a token, bytes in all
        (32, 32, 128, 2048, 524_288, 1_073_741_824),  // Llama 2 7B: multi-head
        (40, 40, 128, 2048, 819_200, 1_677_721_600),  // Llama 2 13B
        (80, 64, 128, 4096, 2_621_440, 10_737_418_240),  // 70B, were it multi-head
        (80, 8, 128, 4096, 327_680, 1_342_177_280),  // Llama 2 70B: grouped-query
        (96, 96, 128, 2048, 4_718_592, 9_663_676_416),  // GPT-3 175B
        (32, 1, 128, 2048, 16_384, 33_554_432),  // multi-query
    ])
    func `well-known models take the bytes that they are known to take`(
        layers: Int, heads: Int, dim: Int, tokens: Int, each: Int, all: Int
    ) throws {
        let geometry = KVGeometry(
            spans: Array(repeating: .full, count: layers), kvHeads: heads, headDim: dim)
        #expect(geometry.bytesPerToken(.f16) == each)
        #expect(geometry.bytesPerToken(.bf16) == each)
        #expect(geometry.bytesPerToken(.f32) == 2 * each)
        let layout = try KVPlanner(geometry: geometry, maxModelLength: tokens).plan(sequences: 1)
        #expect(layout.residentBytes == all)
        #expect(layout.pageBytes == 16 * each)
    }

    @Test(arguments: [(16, 522), (32, 262), (128, 67), (256, 35)])
    func `eight sequences waste less than a block each`(blockSize: Int, blocks: Int) throws {
        let lengths = [512, 1024, 256, 2048, 800, 1500, 300, 1900]
        let layout = try plan([.full], blockSize: blockSize, blocks: 2048)
        #expect(lengths.reduce(0) { $0 + layout.peakBlocks(tokens: $1, chunk: 64) } == blocks)
    }

    @Test func `the capacity in tokens is the concurrency times the context`() throws {
        #expect(try plan([.full], blocks: 192).tokenCapacity == 192 * 16)
        let window = try plan([.slidingWindow(65)], blocks: 3 * 9)
        #expect(window.concurrency == 3)
        #expect(window.tokenCapacity == 3 * 2048, "a window holds longer sequences, not tokens")
    }

    @Test func `requests of one length fill the pool evenly`() throws {
        let layout = try plan([.full], blocks: 160)
        // Decoding at 16 positions of one block each: 1, then 2 blocks.
        let estimate = layout.concurrency(of: [LengthSample(prompt: 1, output: 32)])
        #expect(estimate.peakBlocks == 2)
        #expect(estimate.runningBlocks == 1.5)
        #expect(estimate.reserved == 80)
        #expect(abs(estimate.expected - 160 / 1.5) < 1e-9)
        #expect(estimate.safe > 80 && estimate.safe < 107)
    }

    @Test func `the estimate is the average over every step of every request`() throws {
        var random = SeededGenerator(seed: 7)
        let lengths = (0..<50).map { _ in
            LengthSample(
                prompt: .random(in: 1...900, using: &random),
                output: .random(in: 1...500, using: &random))
        }
        for spans: [AttentionSpan] in [[.full], [.full, .slidingWindow(100)]] {
            let layout = try plan(spans, blocks: 5000)
            var steps = 0
            var blocks = 0
            for sample in lengths {
                for context in sample.prompt..<(sample.prompt + sample.output) {
                    steps += 1
                    // Blocks are counted at the end of the block that the step is in.
                    let end = min((context + 15) / 16 * 16, sample.prompt + sample.output - 1)
                    blocks += layout.peakBlocks(tokens: end, chunk: 1)
                }
            }
            let estimate = layout.concurrency(of: lengths)
            #expect(abs(estimate.runningBlocks - Double(blocks) / Double(steps)) < 1e-9)
            #expect(estimate.expected > estimate.reserved, "not all are at their end at once")
            #expect(Double(estimate.safe) < estimate.expected)
            #expect(estimate.emptyShare > 0 && estimate.emptyShare < 0.2)
        }
    }

    @Test func `a safe number of requests rarely outgrows the pool`() throws {
        var random = SeededGenerator(seed: 11)
        let lengths = (0..<400).map { _ in
            LengthSample(
                prompt: .random(in: 1...600, using: &random),
                output: .random(in: 1...600, using: &random))
        }
        let layout = try plan([.full], blocks: 3000)
        let safe = layout.concurrency(of: lengths).safe
        // The moments at which a request may be met: each as often as it has steps.
        let moments = lengths.flatMap { sample in
            (sample.prompt..<(sample.prompt + sample.output)).map { ($0 + 15) / 16 }
        }
        var overflows = 0
        for _ in 0..<5_000 {
            var sum = 0
            for _ in 0..<safe {
                sum += moments[Int.random(in: 0..<moments.count, using: &random)]
            }
            if sum > layout.capacity { overflows += 1 }
        }
        #expect(overflows > 0 && overflows < 100, "about 50 of 5,000 are expected")
    }
}
