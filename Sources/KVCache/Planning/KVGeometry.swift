/// What one layer keeps for one token.
package struct KVLayer: Hashable, Sendable {
    /// How far back the layer's queries see.
    package let span: AttentionSpan

    /// Key/value heads (fewer than query heads with grouped-query attention, 1 with multi-query
    /// attention).
    package let kvHeads: Int

    /// Elements of one head.
    package let headDim: Int

    /// Vectors of `headDim` elements that a head keeps for one token: 2, its key and its value, or
    /// 1 where both are computed from one latent vector.
    package let vectors: Int

    /// Elements of that latent vector, without those that the position turns; nil: there is none.
    package let latentRank: Int?

    /// Describes a layer; the numbers are checked by `KVPlanner`.
    package init(span: AttentionSpan, kvHeads: Int, headDim: Int) {
        self.init(span: span, kvHeads: kvHeads, headDim: headDim, vectors: 2, latentRank: nil)
    }

    /// A layer of multi-head latent attention (DeepSeek-V2, arXiv 2405.04434, section 2.1): for
    /// all heads together one vector of `rank` elements, from which keys and values are computed,
    /// and beside it the `ropeDim` elements of the key that the position turns.
    package init(span: AttentionSpan, latentRank rank: Int, ropeDim: Int) {
        self.init(
            span: span, kvHeads: 1, headDim: rank + ropeDim, vectors: 1, latentRank: rank)
    }

    private init(
        span: AttentionSpan, kvHeads: Int, headDim: Int, vectors: Int, latentRank: Int?
    ) {
        self.span = span
        self.kvHeads = kvHeads
        self.headDim = headDim
        self.vectors = vectors
        self.latentRank = latentRank
    }

    /// Bytes that the layer keeps for one token, all vectors of every head.
    package func bytesPerToken(_ dtype: KVDType) -> Int {
        vectors * kvHeads * dtype.slotBytes(headDim)
    }
}

/// What a model's layers keep for one token.
package struct KVGeometry: Hashable, Sendable {
    /// The layers, in the model's order.
    package let layers: [KVLayer]

    /// Describes a model.
    package init(layers: [KVLayer]) {
        self.layers = layers
    }

    /// Describes a model whose layers differ in their spans alone.
    package init(spans: [AttentionSpan], kvHeads: Int, headDim: Int) {
        self.init(layers: spans.map { KVLayer(span: $0, kvHeads: kvHeads, headDim: headDim) })
    }

    /// Bytes that all layers keep for one token.
    ///
    /// Sliding windows bound how long they are kept, not this sum.
    package func bytesPerToken(_ dtype: KVDType) -> Int {
        layers.reduce(0) { $0 + $1.bytesPerToken(dtype) }
    }
}
