/// The lengths of one request of a workload.
package struct LengthSample: Hashable, Sendable {
    /// Tokens of its prompt.
    package var prompt: Int

    /// Tokens that it generates.
    package var output: Int

    /// A request of these lengths.
    package init(prompt: Int, output: Int) {
        self.prompt = prompt
        self.output = output
    }
}

/// How many requests of a workload a cache holds at once, without sharing between them.
package struct ConcurrencyEstimate: Hashable, Sendable {
    /// Blocks of a request at its end, averaged over the requests.
    package let peakBlocks: Double

    /// Blocks of a running request at a random moment of its decoding.
    ///
    /// A request counts for as long as it runs: one with twice the output is met twice as often.
    package let runningBlocks: Double

    /// The share of the slots of running requests that hold no token, or none that is in a
    /// window's sight any more: the internal fragmentation, about half a block a group and request.
    package let emptyShare: Double

    /// Requests at once when each sets aside the blocks of its end (`reserve` admission).
    package let reserved: Double

    /// Requests at once on average when blocks are taken as they are needed.
    package let expected: Double

    /// Requests at once of which the sum outgrows the pool in one moment of a hundred: what a
    /// growth-aware admission may aim at.
    ///
    /// By the normal approximation of a sum of independent requests, so it is meant for tens of
    /// requests, not for two.
    package let safe: Int
}

extension CacheLayout {
    /// Tokens that the pool holds when requests of `maxModelLength` fill it.
    package var tokenCapacity: Int { Int(concurrency * Double(maxModelLength)) }

    /// How many requests of a workload run at once.
    ///
    /// - Parameter lengths: requests as they come, each within `maxModelLength`; at least one.
    /// - Complexity: O(requests x output blocks x groups).
    package func concurrency(of lengths: [LengthSample]) -> ConcurrencyEstimate {
        precondition(!lengths.isEmpty, "no workload to plan for")
        var peak = 0.0
        var moments = Moments()
        for sample in lengths {
            precondition(
                sample.prompt >= 1 && sample.output >= 1
                    && sample.prompt <= maxModelLength - sample.output,
                "a request of \(sample.prompt) and \(sample.output) tokens in a context of "
                    + "\(maxModelLength)")
            // The last token is sampled and never fed back: it needs no slot.
            let last = sample.prompt + sample.output - 1
            peak += Double(peakBlocks(tokens: last, chunk: maxChunk))
            addMoments(of: sample.prompt...last, to: &moments)
        }
        peak /= Double(lengths.count)
        let mean = moments.blocks / moments.steps
        let variance = max(0, moments.squares / moments.steps - mean * mean)
        return ConcurrencyEstimate(
            peakBlocks: peak, runningBlocks: mean,
            emptyShare: 1 - moments.tokens / (moments.blocks * Double(blockSize)),
            reserved: Double(capacity) / peak, expected: Double(capacity) / mean,
            safe: safeCount(mean: mean, deviation: variance.squareRoot()))
    }

    /// Sums over the decode steps of requests.
    private struct Moments {
        var steps = 0.0
        var blocks = 0.0
        var squares = 0.0
        var tokens = 0.0
    }

    /// Adds the steps at which a request holds each of `contexts`, a run of one block at a time.
    private func addMoments(of contexts: ClosedRange<Int>, to moments: inout Moments) {
        var context = contexts.lowerBound
        while context <= contexts.upperBound {
            let end = min(contexts.upperBound, ceilDivide(context, blockSize) * blockSize)
            let count = Double(end - context + 1)
            let blocks = Double(peakBlocks(tokens: end, chunk: 1))
            moments.steps += count
            moments.blocks += count * blocks
            moments.squares += count * blocks * blocks
            for group in groups {
                let first = group.peakTokens(tokens: context, chunk: 1)
                let last = group.peakTokens(tokens: end, chunk: 1)
                moments.tokens += count * Double(first + last) / 2
            }
            context = end + 1
        }
    }

    /// The largest n with `n mean + z sqrt(n) deviation <= capacity`, z of 1 in 100.
    private func safeCount(mean: Double, deviation: Double) -> Int {
        let z = 2.326
        // A quadratic in sqrt(n).
        let spread = z * deviation
        let root =
            ((spread * spread + 4 * mean * Double(capacity)).squareRoot() - spread) / (2 * mean)
        return Int(root * root)
    }
}
