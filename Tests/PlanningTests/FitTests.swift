import KVCache
import Planning
import TestSupport
import Testing

private let llama13B = ModelCatalogue.entry(named: "llama-2-13b")?.shape

@Suite struct `What fits` {
    private func question(
        _ shape: ModelShape, context: Int, lengths: ResidentLengths, blockSize: Int = 16
    ) -> FitQuestion {
        FitQuestion(
            shape: shape, dtype: .f16, blockSize: blockSize, context: context, chunk: 512,
            lengths: lengths)
    }

    @Test func `50 GB hold 29 reservations of Llama-2-13B and 76 sequences of 800 tokens`() throws {
        let shape = try #require(llama13B)
        let fit = try question(shape, context: 2048, lengths: .fixed(800))
            .fit(roomBytes: 50_000_000_000)
        #expect(fit.reserved == 29)
        #expect(fit.paged == 76)
        #expect(fit.blockBytes == 13_107_200)
        #expect(fit.runningBlocks == 50)
        #expect(fit.longestContext == 2048)
    }

    @Test func `reserved and paged are what counting finds`() throws {
        var random = SeededGenerator(seed: 4)
        let shape = try #require(llama13B)
        for _ in 0..<100 {
            let blockSize = [1, 4, 16, 64, 256].randomElement(using: &random) ?? 16
            let context = Int.random(in: 1...4096, using: &random)
            let tokens = Int.random(in: 1...context, using: &random)
            let room = Int.random(in: 0...60_000_000_000, using: &random)
            let fit = try question(
                shape, context: context, lengths: .fixed(tokens), blockSize: blockSize
            ).fit(roomBytes: room)
            #expect(fit.reserved == room / (context * 819_200))
            let blocks = (tokens + blockSize - 1) / blockSize
            #expect(fit.paged == room / (blockSize * 819_200) / blocks)
            #expect(fit.longestContext == min(context, room / (blockSize * 819_200) * blockSize))
        }
    }

    @Test func `uniform lengths are the mean over all of them`() throws {
        var random = SeededGenerator(seed: 5)
        let shape = try #require(llama13B)
        for _ in 0..<50 {
            let low = Int.random(in: 1...300, using: &random)
            let range = low...Int.random(in: low...900, using: &random)
            let fit = try question(shape, context: 1000, lengths: .uniform(range))
                .fit(roomBytes: 50_000_000_000)
            let blocks = range.reduce(0) { $0 + ($1 + 15) / 16 }
            #expect(abs(fit.runningBlocks - Double(blocks) / Double(range.count)) < 1e-9)
        }
    }

    @Test func `a request is met for as long as it generates`() throws {
        let samples = [LengthSample(prompt: 100, output: 10), LengthSample(prompt: 10, output: 90)]
        let lengths = ResidentLengths.requests(samples)
        var tokens: [Int] = []
        for sample in samples { tokens += (0..<sample.output).map { sample.prompt + $0 } }
        #expect(lengths.meanTokens == Double(tokens.reduce(0, +)) / Double(tokens.count))
        #expect(lengths.longest == 110)
        let shape = try #require(llama13B)
        let fit = try question(shape, context: 2048, lengths: lengths)
            .fit(roomBytes: 50_000_000_000)
        let blocks = tokens.reduce(0) { $0 + ($1 + 15) / 16 }
        #expect(abs(fit.runningBlocks - Double(blocks) / Double(tokens.count)) < 1e-9)
    }

    @Test(arguments: [(800, 2048, 1...1599), (2000, 2048, 1952...2048), (1, 5, 1...1)])
    func `around a mean the spread stays within the context`(
        mean: Int, context: Int, range: ClosedRange<Int>
    ) {
        let lengths = ResidentLengths.around(mean: mean, context: context)
        #expect(lengths == .uniform(range))
        #expect(lengths.meanTokens == Double(mean))
    }

    @Test func `a window takes no more than it keeps`() throws {
        let shape = try #require(ModelCatalogue.entry(named: "mistral-7b")).shape
        let fit = try question(shape, context: 32_768, lengths: .fixed(32_768))
            .fit(roomBytes: 80_000_000_000)
        #expect(fit.reserved == 80_000_000_000 / ((4096 - 1 + 512) * 131_072))
        #expect(fit.runningBlocks == 4096 / 16 + 1)
    }

    @Test func `lengths beyond the context are refused with both numbers`() throws {
        let shape = try #require(llama13B)
        let error = #expect(throws: PlanningError.self) {
            try question(shape, context: 100, lengths: .fixed(101)).fit(roomBytes: 1)
        }
        #expect(error?.message.contains("101") == true && error?.message.contains("100") == true)
    }
}
