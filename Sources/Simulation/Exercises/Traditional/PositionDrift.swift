/// What the lesson's `append` does to positions, found by running it.
package struct PositionDrift: Hashable, Sendable {
    /// The position at which each layer wrote the second token.
    package let positionsOfSecondToken: [Int]
    /// Whole tokens after which the cache was full.
    package let tokensUntilFull: Int

    /// Appends tokens, layer after layer, to a cache of one place whose count is raised by every
    /// call, until it is full. An element is the call's number, so that `get` tells who wrote it.
    ///
    /// - Complexity: O(layers x `maxSequenceLength`).
    package init(layers: Int, maxSequenceLength: Int) throws(TraditionalKVCacheError) {
        var cache = TraditionalKVCache(
            maxBatchSize: 1, maxSequenceLength: maxSequenceLength, layers: layers, hiddenSize: 1,
            filledWith: -1, advance: .oncePerCall)
        var (tokens, call) = (0, 0)
        while call + layers <= maxSequenceLength {
            for layer in 0..<layers {
                try cache.append(batchIndex: 0, layerIndex: layer, key: [call], value: [call])
                call += 1
            }
            tokens += 1
        }
        tokensUntilFull = tokens
        var positions: [Int] = []
        for layer in 0..<layers {
            let keys = try cache.get(batchIndex: 0, layerIndex: layer).keys
            let second = layers + layer
            positions.append(keys.firstIndex(of: second).map { $0 - keys.startIndex } ?? -1)
        }
        positionsOfSecondToken = positions
    }
}
