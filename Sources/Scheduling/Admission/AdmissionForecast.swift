/// The peak of memory over the steps to come, if every request ends when expected.
///
/// Between two ends memory only grows, so the peak is at one of them: when the request with the
/// `i`-th longest rest ends, those with longer rests are still there, each grown in the meantime.
/// It is the check of LightLLM's past-future scheduler (Gong et al., ASPLOS 2025), in blocks.
struct AdmissionForecast: Sendable {
    /// What a request will still take.
    struct Growth: Sendable {
        /// Steps until its end.
        var steps: Int
        /// Blocks that it takes in them.
        var blocks: Double
    }

    private var entries: [(held: Double, growth: Growth)] = []

    mutating func removeAll() {
        entries.removeAll(keepingCapacity: true)
    }

    mutating func append(held: Double, growth: Growth) {
        entries.append((held, growth))
    }

    /// Blocks that are never exceeded: what all hold and will take, as if none ended before the
    /// others. O(n), without the sorting of `peak()`.
    var bound: Double {
        entries.reduce(0) { $0 + $1.held + $1.growth.blocks }
    }

    /// The most blocks that are in use at one time.
    ///
    /// - Complexity: O(n log n).
    mutating func peak() -> Double {
        entries.sort { $0.growth.steps > $1.growth.steps }
        var peak = 0.0
        var held = 0.0
        var rate = 0.0
        for entry in entries {
            held += entry.held
            rate += entry.growth.blocks / Double(max(1, entry.growth.steps))
            peak = max(peak, held + rate * Double(entry.growth.steps))
        }
        return peak
    }
}
