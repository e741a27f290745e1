package import KVCache

/// How many sequences a memory holds, each with its own keys and values.
package struct Fit: Hashable, Sendable {
    /// Bytes that are left for keys and values.
    package let roomBytes: Int
    /// Bytes of one block.
    package let blockBytes: Int
    /// Whole blocks in the room.
    package let blocks: Int
    /// Tokens of the longest sequence that the room holds alone.
    package let longestContext: Int
    /// Sequences when each has the bytes of the whole context set aside from its start.
    package let reserved: Int
    /// Sequences when each takes blocks as it grows, on average.
    package let paged: Int
    /// Blocks that a running sequence holds on average.
    package let runningBlocks: Double
    /// Tokens that a running sequence holds on average.
    package let meanTokens: Double
}

/// What a memory has to hold, for `Fit`.
package struct FitQuestion: Hashable, Sendable {
    /// The model.
    package var shape: ModelShape
    /// The number format of keys and values.
    package var dtype: KVDType
    /// Tokens of a block.
    package var blockSize: Int
    /// Tokens of the longest sequence: what a reservation is made for.
    package var context: Int
    /// Tokens of one step.
    package var chunk: Int
    /// What the running sequences hold.
    package var lengths: ResidentLengths

    /// A question.
    package init(
        shape: ModelShape, dtype: KVDType, blockSize: Int, context: Int, chunk: Int,
        lengths: ResidentLengths
    ) {
        self.shape = shape
        self.dtype = dtype
        self.blockSize = blockSize
        self.context = context
        self.chunk = chunk
        self.lengths = lengths
    }

    /// The answer for a room of `roomBytes`.
    ///
    /// Blocks and groups of layers are `KVPlanner`'s, which the engine's cache is made by.
    ///
    /// - Throws: `PlanningError` for lengths beyond the context; `KVCacheError` for dimensions
    ///   that no cache can have.
    /// - Complexity: O(lengths x blocks x groups).
    package func fit(roomBytes: Int) throws -> Fit {
        guard lengths.longest <= context else {
            throw PlanningError(
                "a sequence of \(lengths.longest) tokens is longer than the context of \(context); "
                    + "raise the context or shorten the lengths")
        }
        let planner = KVPlanner(
            geometry: shape.kvGeometry, dtype: dtype, blockSize: blockSize,
            maxModelLength: context, maxChunk: chunk)
        let one = try planner.plan(sequences: 1)
        let room = max(0, roomBytes)
        let blocks = room / one.pageBytes
        let running = runningBlocks(one)
        let cost = KeyValueCost(shape, dtype: dtype, context: context, chunk: chunk)
        return Fit(
            roomBytes: room, blockBytes: one.pageBytes, blocks: blocks,
            longestContext: try planner.maximumLength(budget: room),
            reserved: room / cost.bytesPerSequence, paged: Int(Double(blocks) / running),
            runningBlocks: running, meanTokens: lengths.meanTokens)
    }

    /// Blocks of a running sequence, averaged over the lengths.
    private func runningBlocks(_ layout: CacheLayout) -> Double {
        switch lengths {
        case .fixed(let tokens):
            return Double(layout.peakBlocks(tokens: tokens, chunk: 1))
        case .uniform(let range):
            var (blocks, tokens) = (0.0, range.lowerBound)
            while tokens <= range.upperBound {
                let end = min(range.upperBound, (tokens - 1) / blockSize * blockSize + blockSize)
                let count = Double(end - tokens + 1)
                blocks += count * Double(layout.peakBlocks(tokens: end, chunk: 1))
                tokens = end + 1
            }
            return blocks / Double(range.count)
        case .requests(let samples):
            return layout.concurrency(of: samples).runningBlocks
        }
    }
}
