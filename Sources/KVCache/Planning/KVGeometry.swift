/// What one layer keeps for one token.
package struct KVLayer: Hashable, Sendable {
    /// How far back the layer's queries see.
    package let span: AttentionSpan

    /// Key/value heads (fewer than query heads with grouped-query attention, 1 with multi-query
    /// attention).
    package let kvHeads: Int

    /// Elements of one head.
    package let headDim: Int

    /// Describes a layer; the numbers are checked by `KVPlanner`.
    package init(span: AttentionSpan, kvHeads: Int, headDim: Int) {
        self.span = span
        self.kvHeads = kvHeads
        self.headDim = headDim
    }

    /// Bytes that the layer keeps for one token, a key and a value of every head.
    package func bytesPerToken(_ dtype: KVDType) -> Int {
        2 * kvHeads * dtype.slotBytes(headDim)
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
