import KVCache
import Planning
import TestSupport
import Testing

@Suite struct `Bounds of speed` {
    private func roofline(_ name: String, _ device: String, dtype: KVDType = .f16) throws
        -> Roofline
    {
        let shape = try #require(ModelCatalogue.entry(named: name)).shape
        let device = try #require(DeviceCatalogue.device(named: device))
        return Roofline(
            shape: shape, dtype: dtype, weightBytes: 2, bandwidth: try #require(device.bandwidth),
            operations: try #require(device.operations))
    }

    /// Llama-2-7B: matrices of 6,476,005,376 elements in layers, 131,072,000 of output, and
    /// 266,240 elements of norms.
    @Test func `a decode reads all weights and its context`() throws {
        let point = try roofline("llama-2-7b", "a100-80").decode(batch: 4, context: 1000)
        #expect(point.bytes == Double(2 * (6_738_415_616 - 131_072_000) + 4 * 1000 * 524_288))
        let matrices = 6_738_415_616 - 131_072_000 - 266_240
        let attention = 32 * 4 * 4096 * 1000
        #expect(point.operations == Double(4 * (2 * matrices + attention)))
        #expect(point.bound == .memory)
        #expect(point.seconds == point.bytes / 2.039e12)
        #expect(point.tokensPerSecond == 4 / point.seconds)
        #expect(point.intensity < 5)
    }

    @Test func `a prompt is bound by arithmetic`() throws {
        let roofline = try roofline("llama-2-7b", "a100-80")
        let point = roofline.prefill(tokens: 2048)
        let layers = 6_738_415_616 - 2 * 131_072_000 - 266_240
        let pairs = 2048 * 2049 / 2
        #expect(
            point.operations
                == Double(2048 * 2 * layers + 2 * 131_072_000 + 32 * 4 * 4096 * pairs))
        #expect(point.bound == .compute)
        #expect(point.intensity > roofline.ridge)
        #expect(Int(roofline.ridge.rounded()) == 153)
    }

    @Test func `operations of attention with a window are the pairs that it sees`() {
        var random = SeededGenerator(seed: 6)
        for _ in 0..<50 {
            let window = Int.random(in: 1...60, using: &random)
            let tokens = Int.random(in: 1...100, using: &random)
            let layer = LayerShape(
                span: .slidingWindow(window),
                attention: .heads(AttentionHeads(query: 2, keyValue: 1, dimension: 8)),
                feedForward: .dense(width: 4, isGated: false), vectors: 0)
            let shape = ModelShape(
                name: "one", layers: [layer], hidden: 16, vocabulary: 0, isTied: true, vectors: 0,
                contextLength: 100)
            let pairs = (0..<tokens).reduce(0) { $0 + min($1 + 1, window) }
            let expected = Double(tokens) * shape.matrixOperations + Double(4 * 16 * pairs)
            #expect(shape.prefillOperations(tokens: tokens) == expected)
            #expect(
                shape.decodeOperations(context: tokens)
                    == shape.matrixOperations + Double(4 * 16 * min(tokens, window)))
        }
    }

    @Test(arguments: ["llama-2-13b", "llama-3.1-8b", "mixtral-8x7b", "deepseek-v3", "falcon-7b"])
    func `the batch that turns is the first that does`(name: String) throws {
        let roofline = try roofline(name, "a100-80")
        for context in [1, 64, 128, 512] {
            guard let turning = roofline.turningBatch(context: context) else {
                #expect(roofline.decode(batch: 1 << 20, context: context).bound == .memory)
                continue
            }
            #expect(roofline.decode(batch: turning, context: context).bound == .compute)
            for batch in [1, 2, turning / 3, turning / 2, turning - 1]
            where (1..<turning).contains(batch) {
                #expect(roofline.decode(batch: batch, context: context).bound == .memory)
            }
        }
    }

    @Test func `latent attention reads one vector and computes in its space`() throws {
        let roofline = try roofline("deepseek-v3", "h200")
        let short = roofline.decode(batch: 1, context: 1)
        let long = roofline.decode(batch: 1, context: 1001)
        #expect(long.bytes - short.bytes == 1000 * 70_272)
        #expect(
            long.operations - short.operations == Double(1000 * 61 * 2 * 128 * (2 * 512 + 64)))
    }
}

@Suite struct `Swapping and recomputing` {
    private func question(link: Double) throws -> SwapOrRecompute {
        let shape = try #require(ModelCatalogue.entry(named: "llama-2-13b")).shape
        return SwapOrRecompute(
            roofline: Roofline(
                shape: shape, dtype: .f16, weightBytes: 2, bandwidth: 2.039e12, operations: 312e12),
            link: link, blockSize: 16)
    }

    @Test func `a window moves no more than it sees`() throws {
        let shape = try #require(ModelCatalogue.entry(named: "mistral-7b")).shape
        let question = SwapOrRecompute(
            roofline: Roofline(
                shape: shape, dtype: .f16, weightBytes: 2, bandwidth: 2e12, operations: 3e14),
            link: 32e9, blockSize: 16)
        #expect(question.bytes(tokens: 4096) == 4096 * 131_072)
        #expect(question.bytes(tokens: 8192) == 4096 * 131_072)
    }

    @Test func `a sequence goes out and back in whole blocks`() throws {
        let question = try question(link: 32e9)
        #expect(question.bytes(tokens: 17) == 32 * 819_200)
        #expect(question.swapSeconds(tokens: 17) == Double(2 * 32 * 819_200) / 32e9)
        #expect(question.recomputeSeconds(tokens: 1) >= 25.7e9 / 2.039e12)
    }

    @Test(arguments: [1e9, 10e9, 19e9, 20e9, 24e9, 1e12])
    func `stretches are what asking for every block gives`(link: Double) throws {
        let question = try question(link: link)
        let stretches = question.stretches(upTo: 4096)
        #expect(stretches.first?.tokens.lowerBound == 1)
        #expect(stretches.last?.tokens.upperBound == 4096)
        for (one, next) in zip(stretches, stretches.dropFirst()) {
            #expect(next.tokens.lowerBound == one.tokens.upperBound + 1)
            #expect(one.swaps != next.swaps)
        }
        for tokens in stride(from: 16, through: 4096, by: 16) {
            let stretch = stretches.first { $0.tokens.contains(tokens) }
            #expect(stretch?.swaps == question.swapIsQuicker(tokens: tokens))
        }
    }

    @Test func `at the break-even link both take as long`() throws {
        let tokens = 2048
        let even = try question(link: 1).breakEvenLink(tokens: tokens)
        let question = try question(link: even)
        let difference =
            question.swapSeconds(tokens: tokens) - question.recomputeSeconds(tokens: tokens)
        #expect(abs(difference) < 1e-9)
        #expect(try self.question(link: even * 1.01).swapIsQuicker(tokens: tokens))
        #expect(try !self.question(link: even * 0.99).swapIsQuicker(tokens: tokens))
    }
}
