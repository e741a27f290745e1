package import KVCache
package import QuireIdentifiers
package import QuireModels
import Scheduling

/// Drives an executor without a scheduler: a test says which tokens of which sequence run in
/// which step, and gets the logits back.
///
/// Blocks come from a real pool and go back to it, so that a test can count them.
package final class SequenceDriver {
    /// One sequence's part of a step.
    package struct Feed {
        /// The sequence's number, as `start()` gave it.
        package var sequence: Int
        /// The tokens that come next in the sequence.
        package var tokens: [TokenID]
        /// Of how many of the last tokens the logits are wanted.
        package var outputs: Int

        /// Describes a part; by default the logits of the last token are wanted.
        package init(_ sequence: Int, _ tokens: [TokenID], outputs: Int = 1) {
            self.sequence = sequence
            self.tokens = tokens
            self.outputs = outputs
        }
    }

    /// The executor that runs the steps.
    package let executor: CPUExecutor
    /// The blocks.
    package private(set) var cache: PagedCache
    private var sequences: [(blocks: SequenceBlocks, computed: Int)] = []

    /// Drives an executor that was made for `plan`.
    package init(_ executor: CPUExecutor, _ layout: CacheLayout) {
        self.executor = executor
        cache = PagedCache(layout: layout)
    }

    /// Begins an empty sequence and returns its number.
    package func start() -> Int {
        sequences.append((cache.makeSequence(), 0))
        return sequences.count - 1
    }

    /// Gives a sequence's blocks back.
    package func finish(_ sequence: Int) {
        cache.release(&sequences[sequence].blocks)
        sequences[sequence].computed = 0
    }

    /// Blocks that a sequence holds now.
    package func liveBlocks(_ sequence: Int) -> Int { sequences[sequence].blocks.liveCount }

    /// Runs one step; the logits of the parts' outputs, in order.
    package func step(_ feeds: [Feed]) -> [[Float]] {
        let outputs = run(feeds)
        let executor = executor
        return (0..<outputs).map { index in
            let row = executor.logits(index)
            return unsafe row.withUnsafeBufferPointer { unsafe Array($0) }
        }
    }

    /// Runs one step and leaves the logits where they are: `executor.logits(0)` and on, as many
    /// as this returns.
    package func run(_ feeds: [Feed]) -> Int {
        var plan = StepPlan(groups: cache.layout.groups.count)
        for feed in feeds {
            let start = sequences[feed.sequence].computed
            let end = start + feed.tokens.count
            precondition(
                cache.grow(&sequences[feed.sequence].blocks, tokens: end), "out of blocks")
            plan.append(
                SequenceID(UInt64(feed.sequence)), tokens: feed.tokens[...], at: start,
                blocks: sequences[feed.sequence].blocks, outputs: feed.outputs)
            sequences[feed.sequence].computed = end
        }
        executor.execute(plan)
        for feed in feeds {
            cache.trim(
                &sequences[feed.sequence].blocks, computed: sequences[feed.sequence].computed)
        }
        return plan.outputs.count
    }

    /// Runs a sequence's next tokens in steps of at most `chunk`; the logits of the last one.
    package func prefill(_ sequence: Int, _ tokens: [TokenID], chunk: Int) -> [Float] {
        var last: [Float] = []
        var start = 0
        while start < tokens.count {
            let end = min(start + chunk, tokens.count)
            let isLast = end == tokens.count
            let logits = step([
                Feed(sequence, Array(tokens[start..<end]), outputs: isLast ? 1 : 0)
            ])
            last = logits.first ?? []
            start = end
        }
        return last
    }

    /// Prefills a prompt and appends the most likely token `count` times; the tokens and the
    /// logits that each was taken from.
    package func greedy(
        _ prompt: [TokenID], count: Int, chunk: Int = 512
    ) -> (tokens: [TokenID], logits: [[Float]]) {
        let sequence = start()
        defer { finish(sequence) }
        var logits = [prefill(sequence, prompt, chunk: chunk)]
        var tokens = [Self.argmax(logits[0])]
        while tokens.count < count {
            logits += step([Feed(sequence, [tokens[tokens.count - 1]])])
            tokens.append(Self.argmax(logits[logits.count - 1]))
        }
        return (tokens, logits)
    }

    /// The index of the largest logit, the first of equals.
    package static func argmax(_ logits: [Float]) -> TokenID {
        var best = 0
        for index in logits.indices where logits[index] > logits[best] { best = index }
        return TokenID(UInt32(best))
    }
}
