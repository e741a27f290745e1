extension CacheLayout {
    /// The bytes of keys and values that one sequence reads to decode a token, when it has
    /// `context` tokens with that one: a window reads no more than it sees.
    ///
    /// - Complexity: O(layers)
    package func bytesRead(context: Int) -> Int {
        guard context > 0 else { return 0 }
        return geometry.layers.reduce(0) { sum, layer in
            let tokens = context - layer.span.firstVisible(from: context - 1)
            return sum + tokens * layer.bytesPerToken(dtype)
        }
    }
}
