/// What becomes of the queries, keys and values of a layer before attention reads them.
///
/// In this order: bias, clamp, values from keys, norms, rotation (or rotation, then norms), scales
/// of queries.
package struct HeadPreparation {
    /// Queries, keys and values side by side: [tokens, (heads + 2 * kvHeads) * headDim].
    package var x: FloatMatrix
    /// Heads of queries.
    package var heads: Int
    /// Heads of keys, and of values; 0 where a layer keeps none of its own.
    package var kvHeads: Int
    /// Elements of a head.
    package var headDim: Int
    /// Added to the row; empty: nothing.
    package var bias: [Float] = []
    /// Queries, keys and values are held within -clamp...clamp (OLMo, MPT); nil: they are not.
    package var clamp: Float?
    /// Whether values are what keys are before they are normed and turned (Gemma 4): those of `x`
    /// are written over.
    package var valuesAreKeys = false
    /// What queries are multiplied by when they are normed, as `normSpan` says; empty: they are
    /// not normed.
    package var queryNorm: [Float] = []
    /// The same of keys.
    package var keyNorm: [Float] = []
    /// What the norms of queries and keys are taken over.
    package var normSpan = HeadNormSpan.head
    /// What those norms divide by.
    package var normKind = Norm.Kind.rms
    /// Whether queries and keys are normed once they are turned (Hunyuan, Llama 4), not before.
    package var normsTurned = false
    /// Whether every head of values is divided by its root mean square (Gemma 3n and 4).
    package var normsValues = false
    /// Of the norms.
    package var epsilon: Float = 0
    /// Row r of it turns row r; nil: nothing is turned.
    package var rotary: RotaryTable?
    /// The pairs that are turned.
    package var style: RotaryStyle
    /// What each row's queries are multiplied by in the end, one a row: scales that grow with the
    /// position (Llama 4, Mistral 3); empty: 1.
    package var queryScales: [Float] = []

    /// Describes heads that have neither biases nor norms.
    package init(
        x: FloatMatrix, heads: Int, kvHeads: Int, headDim: Int, rotary: RotaryTable?,
        style: RotaryStyle
    ) {
        self.x = x
        self.heads = heads
        self.kvHeads = kvHeads
        self.headDim = headDim
        self.rotary = rotary
        self.style = style
    }

    /// Elements of a row.
    var width: Int { (heads + 2 * kvHeads) * headDim }

    func check(_ rows: Range<Int>, _ write: KVWrite?) {
        precondition(bias.isEmpty || bias.count == width)
        precondition(clamp.map { $0 > 0 } ?? true)
        check(queryNorm, heads)
        check(keyNorm, kvHeads)
        if let rotary {
            precondition(rotary.rotaryDim <= headDim && rows.upperBound <= rotary.cosines.rows)
        }
        precondition(queryScales.isEmpty || rows.upperBound <= queryScales.count)
        guard let write else { return precondition(kvHeads == 0, "keys that nobody keeps") }
        precondition(rows.upperBound <= write.tokens.count)
        precondition(write.placement.kvHeads == kvHeads && write.placement.headDim == headDim)
    }

    // No list of the two: it would be allocated, in every layer of every step.
    private func check(_ norm: [Float], _ count: Int) {
        precondition(norm.isEmpty || norm.count == normSpan.weights(count, headDim))
    }
}
