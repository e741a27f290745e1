/// What a model's layers keep for one token.
package struct KVGeometry: Hashable, Sendable {
    /// The attention span of every layer, in the model's order.
    package let spans: [AttentionSpan]

    /// Key/value heads of a layer (fewer than query heads with grouped-query attention, 1 with
    /// multi-query attention).
    package let kvHeads: Int

    /// Elements of one head.
    package let headDim: Int

    /// Describes a model; the numbers are checked by `KVPlanner`.
    package init(spans: [AttentionSpan], kvHeads: Int, headDim: Int) {
        self.spans = spans
        self.kvHeads = kvHeads
        self.headDim = headDim
    }

    /// Bytes that all layers keep for one token: `2 x layers x kvHeads x dtype.slotBytes(headDim)`.
    ///
    /// The two are a key and a value. Sliding windows bound how long they are kept, not this sum.
    package func bytesPerToken(_ dtype: KVDType) -> Int {
        2 * spans.count * kvHeads * dtype.slotBytes(headDim)
    }
}
