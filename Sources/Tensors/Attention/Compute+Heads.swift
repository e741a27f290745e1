/// What becomes of the queries, keys and values of a layer before attention reads them.
package struct HeadPreparation {
    /// Queries, keys and values side by side: [tokens, (heads + 2 * kvHeads) * headDim].
    package var x: FloatMatrix
    /// Heads of queries.
    package var heads: Int
    /// Heads of keys, and of values.
    package var kvHeads: Int
    /// Elements of a head.
    package var headDim: Int
    /// Added to the row; empty: nothing.
    package var bias: [Float] = []
    /// What queries are multiplied by when each head is normed: [headDim]; empty: they are not.
    package var queryNorm: [Float] = []
    /// The same of keys.
    package var keyNorm: [Float] = []
    /// Of the norms.
    package var epsilon: Float = 0
    /// Row r of it turns row r.
    package var rotary: RotaryTable
    /// The pairs that are turned.
    package var style: RotaryStyle

    /// Describes heads that have neither biases nor norms.
    package init(
        x: FloatMatrix, heads: Int, kvHeads: Int, headDim: Int, rotary: RotaryTable,
        style: RotaryStyle
    ) {
        self.x = x
        self.heads = heads
        self.kvHeads = kvHeads
        self.headDim = headDim
        self.rotary = rotary
        self.style = style
    }
}

extension Compute {
    /// Adds biases, norms and turns heads, and keeps keys and values: a row at a time, while it is
    /// near, and as one job of the threads. In place; token i is in row i.
    ///
    /// The same bits as of the operations one after the other. All must be written before any
    /// attention of the layer reads.
    package func prepare(_ p: HeadPreparation, keeping write: KVWrite, rows: Range<Int>) {
        let (d, keyColumn) = (p.headDim, p.heads * p.headDim)
        let width = (p.heads + 2 * p.kvHeads) * d
        check(p.x, rows, 0, width)
        precondition(p.bias.isEmpty || p.bias.count == width)
        // No list of the two counts: it would be allocated, in every layer of every step.
        precondition(p.queryNorm.isEmpty || p.queryNorm.count == d)
        precondition(p.keyNorm.isEmpty || p.keyNorm.count == d)
        precondition(p.rotary.rotaryDim <= d && rows.upperBound <= p.rotary.cosines.rows)
        precondition(rows.upperBound <= write.tokens.count)
        precondition(write.placement.kvHeads == p.kvHeads && write.placement.headDim == d)
        let turn = unsafe RopeRows(
            x: p.x.all, column: 0, heads: p.heads + p.kvHeads, headDim: d, rotary: p.rotary,
            kernel: kernel(p.style))
        write.withPlaces { places in
            let fetch = PrefetchKVRows(places: places)
            let keep = WriteKVRows(
                table: table, places: places, keys: p.x.all, keyColumn: keyColumn,
                values: p.x.all, valueColumn: keyColumn + p.kvHeads * d)
            withBias(p.bias, to: p.x, column: 0) { bias in
                withNorm(weight: p.queryNorm, epsilon: p.epsilon) { query in
                    withNorm(weight: p.keyNorm, epsilon: p.epsilon) { key in
                        let queries = p.queryNorm.isEmpty ? nil : query
                        let keys = p.keyNorm.isEmpty ? nil : key
                        eachRow(
                            rows, cost: 4 * width,
                            fetch.then(bias).then(heads(p, queries, column: 0, count: p.heads))
                                .then(heads(p, keys, column: keyColumn, count: p.kvHeads))
                                .then(turn).then(keep))
                    }
                }
            }
        }
    }

    private func heads(
        _ p: HeadPreparation, _ norm: RowNorm?, column: Int, count: Int
    ) -> NormHeads? {
        norm.map {
            NormHeads(x: p.x.all, column: column, heads: count, headDim: p.headDim, norm: $0)
        }
    }
}
