/// Where the time of steps goes, part by part.
///
/// A stopwatch that never stops: `mark` charges to a part the time since the mark before it,
/// whichever that was, so the parts add up to the whole and nothing is left out. Engine and
/// executor mark the same one where they are given one; without, a mark is a comparison with nil.
///
/// A reading of the clock takes some 30 ns and a layer has about a dozen, which is the error.
///
/// Not `Sendable`: the thread that makes the steps owns it.
package final class StepProfile {
    /// What a step does, in its order.
    package enum Part: Int, CaseIterable, Sendable {
        /// Choosing which requests run, and with which blocks.
        case plan
        /// Moving pages of the cache.
        case transfers
        /// Rows of the embedding.
        case embedding
        /// Cosines and sines of the positions, and the step's rows and tables.
        case preparation
        /// A product's input: norms, what a gate lets through, and rounding to bytes.
        case quantize
        /// Queries, keys and values.
        case queryKeyValue
        /// Biases, norms and rotation of queries and keys, and writing keys and values into the
        /// cache.
        case heads
        /// Attention.
        case attention
        /// The projection of what attention found.
        case attentionOutput
        /// The gate and the input of the feed-forward network.
        case gateAndUp
        /// The output of the feed-forward network.
        case down
        /// Adding to the residual stream, normed where the model does.
        case residual
        /// The output matrix.
        case vocabulary
        /// Choosing tokens.
        case sampling
        /// Text, stop strings, and what readers are given of them.
        case text
        /// Taking the results into the queues and the cache.
        case completion
        /// Whatever lies between two steps: callers, streams, mailboxes.
        case between
    }

    /// Steps that were marked to their end since the start.
    package private(set) var steps = 0

    private var nanoseconds = [Int](repeating: 0, count: Part.allCases.count)
    private let clock = ContinuousClock()
    private var last: ContinuousClock.Instant

    /// A profile whose time runs from now.
    package init() {
        last = clock.now
    }

    /// Forgets everything: the time runs from now.
    package func reset() {
        steps = 0
        for index in nanoseconds.indices { nanoseconds[index] = 0 }
        last = clock.now
    }

    /// Charges the time since the last mark to a part. O(1), no allocation.
    package func mark(_ part: Part) {
        let now = clock.now
        let (seconds, attoseconds) = (now - last).components
        nanoseconds[part.rawValue] +=
            Int(seconds) * 1_000_000_000 + Int(attoseconds / 1_000_000_000)
        last = now
    }

    /// A step has ended.
    package func endStep() { steps += 1 }

    /// The microseconds that a part took in all steps together.
    package func microseconds(_ part: Part) -> Double { Double(nanoseconds[part.rawValue]) / 1e3 }

    /// The microseconds of all parts together.
    package var total: Double { Double(nanoseconds.reduce(0, +)) / 1e3 }
}
