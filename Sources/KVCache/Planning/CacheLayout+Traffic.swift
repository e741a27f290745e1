extension KVGeometry {
    /// The bytes of keys and values that one sequence reads to decode a token, when it has
    /// `context` tokens with that one: a window reads no more than it sees.
    ///
    /// - Complexity: O(layers)
    package func bytesRead(context: Int, _ dtype: KVDType) -> Int {
        guard context > 0 else { return 0 }
        return layers.reduce(0) { sum, layer in
            let tokens = context - layer.span.firstVisible(from: context - 1)
            return sum + tokens * layer.bytesPerToken(dtype)
        }
    }
}

extension CacheLayout {
    /// The same for the layout's model and format.
    package func bytesRead(context: Int) -> Int { geometry.bytesRead(context: context, dtype) }
}
