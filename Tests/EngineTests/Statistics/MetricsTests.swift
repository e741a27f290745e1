import Scheduling
import Testing

@testable import QuireEngine

@Suite struct `Distributions` {
    @Test func `a value belongs to the first bucket whose bound it does not pass`() {
        let histogram = Histogram([1, 2.5, 10])
        for value in [0, 1, 1.5, 2.5, 11, 1_000] { histogram.observe(value) }
        histogram.observe(.milliseconds(2_500))
        let reading = histogram.reading
        #expect(reading.counts == [2, 3, 0, 2])
        #expect(reading.count == 7)
        #expect(reading.sum == 1_018.5)
    }

    @Test func `bounds of token counts go up to the longest sequence`() {
        #expect(Histogram.tokenCountBounds(upTo: 60) == [1, 2, 5, 10, 20, 50])
        #expect(Histogram.tokenCountBounds(upTo: 100).last == 100)
    }

    @Test func `every token after an answer's first has a distance, whatever was forked`()
        async throws
    {
        let model = try await OnlineModel()
        var parameters = SamplingParameters(
            temperature: 1, maxTokens: 5, seed: 1, ignoreEOS: true)
        parameters.n = 3
        let prompt = TinyModel.prompts(1, seed: 4, lengths: 9...9)[0]
        _ = try await model.engine.submit(
            GenerationRequest(prompt: prompt, parameters: parameters)
        ).completions()
        let metrics = model.engine.metrics
        #expect(metrics.timeToFirstToken.reading.count == 1)
        #expect(metrics.interTokenLatency.reading.count == 12)
        #expect(metrics.generationTokens.reading.sum == 15)
        #expect(metrics.generationTokens.reading.count == 3)
        #expect(metrics.iterationTokens.reading.sum == 9 + 15)
        let answered = metrics.endToEnd.reading.count
        #expect(answered == 3)
        // A request that is given up has no times.
        let other = try model.engine.submit(
            GenerationRequest(
                prompt: prompt, parameters: SamplingParameters(maxTokens: 100, ignoreEOS: true)))
        other.cancel()
        _ = try? await other.completions()
        #expect(await model.isCleanAtEnd())
        let cancelled = model.engine.statistics.finished[.cancelled] ?? 0
        #expect(metrics.endToEnd.reading.count + cancelled == answered + 1)
    }
}
