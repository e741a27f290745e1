import KVCache
import Tensors

/// What a reader is told of an arm.
struct CompareRow {
    let arm: CompareArm
    let run: CompareRun
    let layout: CacheLayout
    /// Generated tokens a second.
    let rate: Double
    /// Of contiguous memory and static batches.
    let baseline: Double?
    let isEqual: Bool

    var values: BenchRow {
        let first = run.firstTokens.isEmpty ? nil : Samples(run.firstTokens)
        let steps = Double(run.stepCount)
        let isSampled = arm.isWithoutCache
        return BenchRow([
            "arm": .text(arm.name),
            "requests_answered": .integer(run.requests),
            "tokens": .integer(run.tokens),
            "seconds": .number(run.seconds),
            "tok_s": .number(rate),
            // A few beginnings are no measure of whole answers.
            "speedup": isSampled ? .none : BenchValue(baseline.map { rate / $0 }),
            "ttft_p50_s": BenchValue(first?.median),
            "ttft_p99_s": BenchValue(first?.percentile(0.99)),
            "itl_p50_ms": BenchValue(run.interTokenLatency(0.5).map { $0 * 1000 }),
            "itl_p99_ms": BenchValue(run.interTokenLatency(0.99).map { $0 * 1000 }),
            "block_size": .integer(layout.blockSize),
            "capacity_tokens": .integer(layout.capacity * layout.blockSize),
            "running": isSampled ? .none : .number(Double(run.running) / steps),
            "allocated": isSampled ? .none : .number(share(run.allocated)),
            "stored": isSampled ? .none : .number(share(run.stored)),
            "waste": isSampled || run.allocated == 0
                ? .none : .number(max(0, 1 - Double(run.stored) / Double(run.allocated))),
            "preemptions": isSampled ? .none : .integer(run.preemptions),
            "cached_prompt_tokens": isSampled ? .none : .integer(run.cachedTokens),
            "equal": .text(isEqual ? "yes" : "NO"),
        ])
    }

    /// A sum over steps as a share of all slots.
    private func share(_ sum: Int) -> Double {
        Double(sum) / Double(run.stepCount) / Double(layout.capacity * layout.blockSize)
    }
}

/// Tokens a second of each tenth of a time.
struct DriftWindows {
    private let width: Double
    private var start = 0.0
    private var tokens = 0
    private var first: Double?

    init(_ time: Duration) {
        width = time.seconds / 10
    }

    /// Takes note of the tokens up to a moment; a row when that ends a tenth.
    mutating func note(_ elapsed: Duration, tokens: Int) -> BenchRow? {
        let now = elapsed.seconds
        guard now - start >= width else { return nil }
        let rate = Double(tokens - self.tokens) / (now - start)
        first = first ?? rate
        (start, self.tokens) = (now, tokens)
        return BenchRow([
            "until_s": .number(now), "tok_s": .number(rate),
            "of_first": BenchValue(first.map { rate / $0 }),
        ])
    }
}
