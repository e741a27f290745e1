package import KVCache

/// How many tokens the running sequences hold.
package enum ResidentLengths: Hashable, Sendable {
    /// Each of them this many.
    case fixed(Int)
    /// Any number between the two, each as likely.
    case uniform(ClosedRange<Int>)
    /// Requests of a prompt and an answer: a running one holds its prompt and what it has
    /// generated so far, and is met for as long as it generates.
    case requests([LengthSample])

    /// Uniform about a mean: from 1 to twice the mean, or as far as the context lets it be.
    ///
    /// - Precondition: `1...context` holds the mean.
    package static func around(mean: Int, context: Int) -> ResidentLengths {
        precondition((1...context).contains(mean), "a mean of \(mean) tokens within \(context)")
        let spread = min(mean - 1, context - mean)
        return .uniform(mean - spread...mean + spread)
    }

    /// The longest sequence, in tokens.
    package var longest: Int {
        switch self {
        case .fixed(let tokens): tokens
        case .uniform(let range): range.upperBound
        case .requests(let samples): samples.map { $0.prompt + $0.output }.max() ?? 0
        }
    }

    /// Tokens that a running sequence holds on average.
    package var meanTokens: Double {
        switch self {
        case .fixed(let tokens): return Double(tokens)
        case .uniform(let range): return Double(range.lowerBound + range.upperBound) / 2
        case .requests(let samples):
            var tokens = 0.0
            var steps = 0.0
            for sample in samples {
                // Of `output` steps the first leaves the prompt's tokens in the cache, and each
                // after it one more: the last token is never fed back.
                tokens +=
                    Double(sample.output) * (Double(sample.prompt) + Double(sample.output - 1) / 2)
                steps += Double(sample.output)
            }
            return steps == 0 ? 0 : tokens / steps
        }
    }
}
