import Scheduling

/// How the times and tokens of an engine's requests are distributed, since it was made.
///
/// The engine's thread writes them, without locks; any thread reads. Times of requests are counted
/// when they end, and not of those that were cancelled or failed.
package final class EngineMetrics: Sendable {
    /// From submission to the first token, in seconds.
    package let timeToFirstToken = Histogram(Histogram.firstTokenBounds)

    /// From each token of an answer to its next. Tokens that come in one step, which drafts bring
    /// about, are next to nothing apart.
    package let interTokenLatency = Histogram(Histogram.tokenBounds)

    /// From submission to the end.
    package let endToEnd = Histogram(Histogram.requestBounds)

    /// From submission to the first step.
    package let queue = Histogram(Histogram.requestBounds)

    /// From the first step to the first token.
    package let prefill = Histogram(Histogram.requestBounds)

    /// From the first token to the end.
    package let decode = Histogram(Histogram.requestBounds)

    /// From the first step to the end.
    package let inference = Histogram(Histogram.requestBounds)

    /// Tokens of prompts, cached ones included.
    package let promptTokens: Histogram

    /// Tokens of answers.
    package let generationTokens: Histogram

    /// For each step that brought tokens: those, and the prompts whose first token was among them.
    package let iterationTokens = Histogram(Histogram.stepBounds)

    init(maxModelLength: Int) {
        let bounds = Histogram.tokenCountBounds(upTo: maxModelLength)
        promptTokens = Histogram(bounds)
        generationTokens = Histogram(bounds)
    }

    /// A request has ended.
    func count(_ completions: [Completion]) {
        for completion in completions
        where completion.finishReason != .cancelled && completion.finishReason != .failed {
            let timings = completion.timings
            queue.observe(timings.queued)
            prefill.observe(timings.prefill)
            decode.observe(timings.decode)
            inference.observe(timings.prefill + timings.decode)
            endToEnd.observe(timings.queued + timings.prefill + timings.decode)
            promptTokens.observe(Double(completion.promptTokens.count))
            generationTokens.observe(Double(completion.tokens.count))
        }
    }
}
