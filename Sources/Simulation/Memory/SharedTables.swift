package import KVCache

/// Sequences that begin alike, in the engine's own block tables: forks that copy a block when they
/// write into one that others hold.
package struct SharedTables {
    private var cache: PagedCache
    private var sequences: [SequenceBlocks]
    private var tokens: Int

    /// A prompt, in the tables of `count` sequences.
    ///
    /// - Parameter longest: tokens that a sequence will have at most.
    /// - Throws: `KVCacheError` for numbers out of range.
    package init(
        prompt: Int, count: Int, longest: Int, blockSize: Int
    ) throws(KVCacheError) {
        precondition(prompt >= 1 && longest >= prompt && count >= 1, "no sequences")
        let blocks = (longest + blockSize - 1) / blockSize
        // All forks may be held beside those that they replace.
        cache = try .ofSlots(2 * count * blocks, blockSize: blockSize, longest: longest)
        var first = cache.makeSequence(reserving: longest)
        _ = cache.grow(&first, tokens: prompt)
        sequences = [first]
        for _ in 1..<count { sequences.append(cache.fork(first)) }
        tokens = prompt
    }

    /// Blocks in use, each counted once.
    package var blocks: Int { cache.pool.usedCount }

    /// Entries of all tables: the blocks that the sequences would hold without sharing.
    package var entries: Int { sequences.reduce(0) { $0 + $1.entryCount } }

    /// Every sequence continues one of those before it, by its place, and writes one token more.
    ///
    /// - Complexity: O(sequences x blocks) where anything is forked, else O(sequences).
    package mutating func step(continuing parents: [Int]) {
        precondition(parents.count == sequences.count, "a parent for each sequence")
        if zip(parents, sequences.indices).contains(where: { $0 != $1 }) {
            let forks = parents.map { cache.fork(sequences[$0]) }
            for index in sequences.indices { cache.release(&sequences[index]) }
            sequences = forks
        }
        for index in sequences.indices {
            let fits = cache.grow(&sequences[index], tokens: tokens + 1, from: tokens)
            precondition(fits, "a pool for all sequences is too small")
        }
        tokens += 1
        // The copies of this step are made, and what they were made from is let go.
        var transfers: [BlockTransfer] = []
        cache.takeTransfers(into: &transfers)
        cache.settle()
    }
}

/// Beams whose parents are drawn: what sharing saves in a beam search.
///
/// A search keeps the `width` likeliest continuations of all beams together. Which beam they
/// continue depends on the model; here every beam continues itself, or with a given chance any of
/// the beams. So a chance of 0 is parallel sampling.
package struct BeamSharing: Hashable, Sendable {
    /// Beams.
    package let width: Int
    /// How likely a beam is replaced in a step, from 0 to 1.
    package let replacement: Double
    /// Tokens of a block.
    package let blockSize: Int

    /// A search.
    package init(width: Int, replacement: Double, blockSize: Int) {
        self.width = width
        self.replacement = replacement
        self.blockSize = blockSize
    }

    /// Searches for an answer of `output` tokens to a prompt; what the tables held in each step.
    ///
    /// - Throws: `KVCacheError` for numbers out of range.
    /// - Complexity: O(`output` x `width`), and more where beams are replaced.
    package func savings(
        prompt: Int, output: Int, using random: inout SeededRandom
    ) throws(KVCacheError) -> SharingSavings {
        var sum = SharingSavings()
        guard output >= 1 else { return sum }
        var tables = try SharedTables(
            prompt: prompt, count: width, longest: prompt + output, blockSize: blockSize)
        for generated in 1...output {
            sum.unshared += tables.entries
            sum.shared += tables.blocks
            guard generated < output else { break }
            tables.step(
                continuing: (0..<width).map { beam in
                    random.happens(replacement) ? random.integer(in: 0...width - 1) : beam
                })
        }
        return sum
    }
}
