/// The cache of the old way: a buffer of the longest length for every place of a batch, whether it
/// is taken or not. Layout: `[layer][place][token][hidden]`, keys and values apart.
///
/// A baseline to compare with: positions advance once a token, everything is checked, and a place
/// can be given back. It is not what the engine uses (`PagedCache`).
package struct TraditionalKVCache<Element: Sendable>: Sendable {
    /// How positions advance.
    package enum Advance: Hashable, Sendable {
        /// Each layer has a count of its own: a token has one position in all of them.
        case oncePerToken
        /// One count for all layers, raised by every call: the lesson's mistake. The second layer
        /// writes a token one position further than the first, and so on.
        case oncePerCall
    }

    /// Places of the batch.
    package let maxBatchSize: Int
    /// Tokens of a place.
    package let maxSequenceLength: Int
    /// Layers.
    package let layers: Int
    /// Elements of a key, or of a value, of all heads together.
    package let hiddenSize: Int
    /// How positions advance.
    package let advance: Advance

    private var keys: [Element]
    private var values: [Element]
    /// Tokens by place and layer.
    private var lengths: [Int]

    /// Sets everything aside at once and fills it.
    ///
    /// - Precondition: every extent is at least 1, and their product can be addressed.
    /// - Complexity: O(elements).
    package init(
        maxBatchSize: Int, maxSequenceLength: Int, layers: Int, hiddenSize: Int,
        filledWith zero: Element, advance: Advance = .oncePerToken
    ) {
        var count = 1
        for extent in [maxBatchSize, maxSequenceLength, layers, hiddenSize] {
            precondition(extent >= 1, "a cache of an extent of \(extent)")
            let product = count.multipliedReportingOverflow(by: extent)
            precondition(!product.overflow, "a cache larger than what can be addressed")
            count = product.partialValue
        }
        self.maxBatchSize = maxBatchSize
        self.maxSequenceLength = maxSequenceLength
        self.layers = layers
        self.hiddenSize = hiddenSize
        self.advance = advance
        keys = Array(repeating: zero, count: count)
        values = Array(repeating: zero, count: count)
        lengths = Array(repeating: 0, count: maxBatchSize * layers)
    }

    /// Bytes that are set aside, keys and values together.
    package var allocatedBytes: Int { 2 * keys.count * MemoryLayout<Element>.stride }

    /// Tokens that a layer has of the sequence in a place.
    ///
    /// - Throws: `TraditionalKVCacheError` for a place or a layer that is not there.
    package func length(
        batchIndex: Int, layerIndex: Int
    ) throws(TraditionalKVCacheError) -> Int {
        try check(batchIndex, layerIndex)
        return lengths[counter(batchIndex, layerIndex)]
    }

    /// Appends a token's key and value to a layer's part of a sequence.
    ///
    /// - Throws: `TraditionalKVCacheError` for a place or a layer that is not there, a vector of
    ///   another size, or a full place; nothing has changed then.
    /// - Complexity: O(`hiddenSize`).
    package mutating func append(
        batchIndex: Int, layerIndex: Int, key: [Element], value: [Element]
    ) throws(TraditionalKVCacheError) {
        try check(batchIndex, layerIndex)
        guard key.count == hiddenSize, value.count == hiddenSize else {
            throw TraditionalKVCacheError(
                "a key of \(key.count) and a value of \(value.count) elements; both have "
                    + "\(hiddenSize)")
        }
        let counter = counter(batchIndex, layerIndex)
        let position = lengths[counter]
        guard position < maxSequenceLength else {
            throw TraditionalKVCacheError(
                "place \(batchIndex) is full: it has \(maxSequenceLength) tokens; end the "
                    + "sequence, or make the cache for longer ones")
        }
        let start = offset(batchIndex, layerIndex) + position * hiddenSize
        for element in 0..<hiddenSize {
            keys[start + element] = key[element]
            values[start + element] = value[element]
        }
        lengths[counter] += 1
    }

    /// The keys and values of a layer's part of a sequence, token by token.
    ///
    /// - Throws: `TraditionalKVCacheError` for a place or a layer that is not there.
    package func get(
        batchIndex: Int, layerIndex: Int
    ) throws(TraditionalKVCacheError) -> (keys: ArraySlice<Element>, values: ArraySlice<Element>) {
        try check(batchIndex, layerIndex)
        let start = offset(batchIndex, layerIndex)
        let end = start + lengths[counter(batchIndex, layerIndex)] * hiddenSize
        return (keys[start..<end], values[start..<end])
    }

    /// Makes a place free for another sequence, which the lesson's cache has no way to do.
    ///
    /// - Throws: `TraditionalKVCacheError` for a place that is not there.
    package mutating func release(batchIndex: Int) throws(TraditionalKVCacheError) {
        try check(batchIndex, 0)
        for layer in 0..<layers { lengths[batchIndex * layers + layer] = 0 }
    }

    private func check(_ batch: Int, _ layer: Int) throws(TraditionalKVCacheError) {
        guard (0..<maxBatchSize).contains(batch) else {
            throw TraditionalKVCacheError(
                "there is no place \(batch); the batch has 0 to \(maxBatchSize - 1)")
        }
        guard (0..<layers).contains(layer) else {
            throw TraditionalKVCacheError(
                "there is no layer \(layer); the model has 0 to \(layers - 1)")
        }
    }

    private func counter(_ batch: Int, _ layer: Int) -> Int {
        batch * layers + (advance == .oncePerToken ? layer : 0)
    }

    private func offset(_ batch: Int, _ layer: Int) -> Int {
        (layer * maxBatchSize + batch) * maxSequenceLength * hiddenSize
    }
}

/// Why a traditional cache refuses something; the message says what would do.
package struct TraditionalKVCacheError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong and how to remedy it.
    package let message: String

    /// The message.
    package var description: String { message }

    init(_ message: String) {
        self.message = message
    }
}
