/// What attention computes in a layer: what queries see, and what they make of it.
package struct AttentionParameters: Hashable, Sendable {
    /// Query heads: a multiple of the KV heads; head h reads KV head h / (heads / kvHeads).
    package var heads: Int

    /// What scores are multiplied by, 1 / sqrt(headDim) in most models.
    package var scale: Float

    /// The keys that a query sees, its own included; nil: all up to its own.
    package var window: Int?

    /// Whether the window does not slide: a query sees the keys of its run of `window` positions,
    /// counted from 0, up to its own (Llama 4).
    package var isChunked: Bool

    /// Scores s become softCap * tanh(s / softCap) (Gemma 2); nil: they stay.
    package var softCap: Float?

    /// Describes a layer's attention.
    package init(
        heads: Int, scale: Float, window: Int? = nil, isChunked: Bool = false,
        softCap: Float? = nil
    ) {
        self.heads = heads
        self.scale = scale
        self.window = window
        self.isChunked = isChunked
        self.softCap = softCap
    }

    /// The first position that a query at another sees.
    func firstSeen(_ position: Int) -> Int {
        guard let window else { return 0 }
        return isChunked ? position / window * window : max(0, position + 1 - window)
    }
}
