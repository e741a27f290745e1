internal import CKernels

/// What becomes of the latent vectors of a layer, one a token, before they are kept (DeepSeek-V2,
/// arXiv 2405.04434, section 2.1): keys and values of all heads are computed from them.
package struct LatentPreparation {
    /// [tokens, rank + rotated]: the latent vector, and the part of all heads' keys that the
    /// position turns.
    package var x: FloatMatrix
    /// Of the first `rank` elements.
    package var norm: Norm
    /// Elements of the latent vector alone.
    package var rank: Int
    /// Row r of it turns the other elements of row r.
    package var rotary: RotaryTable
    /// The pairs that are turned.
    package var style: RotaryStyle

    /// Describes latent vectors.
    package init(
        x: FloatMatrix, norm: Norm, rank: Int, rotary: RotaryTable, style: RotaryStyle
    ) {
        self.x = x
        self.norm = norm
        self.rank = rank
        self.rotary = rotary
        self.style = style
    }
}

extension Compute {
    /// Norms latent vectors, turns what is beside them, and keeps both: in place; token i is in row
    /// i. All must be written before any attention of the layer reads.
    package func prepare(_ p: LatentPreparation, keeping write: KVWrite, rows: Range<Int>) {
        let width = p.x.columns
        check(p.x, rows, 0, width)
        p.norm.check(p.rank)
        precondition(p.rank < width && p.rotary.rotaryDim == width - p.rank)
        precondition(rows.upperBound <= p.rotary.cosines.rows)
        precondition(rows.upperBound <= write.tokens.count)
        precondition(
            write.placement.kvHeads == 1 && write.placement.headDim == width
                && write.placement.latentDim == p.rank, "a cache of other vectors")
        write.withPlaces { places in
            withNorm(p.norm) { norm in
                unsafe eachRow(
                    rows, cost: 4 * width,
                    PrefetchKVRows(places: places)
                        .then(
                            NormHeads(
                                x: p.x.all, column: 0, heads: 1, headDim: p.rank, norm: norm)
                        )
                        .then(
                            RopeRows(
                                x: p.x.all, column: p.rank, heads: 1, headDim: width - p.rank,
                                rotary: p.rotary, kernel: kernel(p.style))
                        )
                        .then(
                            WriteKVRows(
                                table: table, places: places, keys: p.x.all, keyColumn: 0,
                                values: p.x.all, valueColumn: 0)))
            }
        }
    }

    /// Copies a part of each head of each token, `count` elements: from `source`, where a head has
    /// `sourcePitch` columns, `sourceColumn` of them before the part, to `target`, likewise.
    ///
    /// The rows of a matrix with a pitch of nil are one a head and token, those of a head side by
    /// side: what its own matrix multiplies. Those of the other are one a token.
    package func copyHeads(
        _ heads: Int, tokens: Int, count: Int, from source: HeadColumns, to target: HeadColumns
    ) {
        source.check(heads, tokens, count)
        target.check(heads, tokens, count)
        eachRow(
            0..<tokens, cost: heads * count,
            CopyHeads(
                heads: heads, tokens: tokens, count: count, source: source, from: source.x.all,
                target: target, to: target.x.all))
    }

    /// Turns a part of each head of each token, in place: row r by row r of the table.
    package func turnHeads(
        _ x: FloatMatrix, heads: Int, headDim: Int, column: Int, tokens: Int,
        by rotary: RotaryTable, style: RotaryStyle
    ) {
        check(x, 0..<tokens, 0, heads * headDim)
        precondition(column >= 0 && column + rotary.rotaryDim <= headDim)
        precondition(tokens <= rotary.cosines.rows)
        unsafe eachRow(
            0..<tokens, cost: heads * rotary.rotaryDim,
            RopeRows(
                x: x.all, column: column, heads: heads, headDim: headDim, rotary: rotary,
                kernel: kernel(style)))
    }
}

/// Where a part of each head lies in a matrix.
package struct HeadColumns {
    let x: FloatMatrix
    /// Columns from one head to the next in a token's row; nil: a row is one head of one token.
    let pitch: Int?
    /// Columns of a head before the part.
    let column: Int

    /// In rows of a token each, a head after another.
    package static func ofTokens(
        _ x: FloatMatrix, headDim: Int, column: Int = 0
    ) -> HeadColumns {
        HeadColumns(x: x, pitch: headDim, column: column)
    }

    /// In rows of a head of a token each, all tokens of a head and then those of the next.
    package static func ofHeads(_ x: FloatMatrix, column: Int = 0) -> HeadColumns {
        HeadColumns(x: x, pitch: nil, column: column)
    }

    func check(_ heads: Int, _ tokens: Int, _ count: Int) {
        precondition(column >= 0 && count >= 0 && tokens >= 0 && heads > 0)
        if let pitch {
            precondition(column + count <= pitch && heads * pitch <= x.columns)
            precondition(tokens <= x.rows)
        } else {
            precondition(column + count <= x.columns && heads * tokens <= x.rows)
        }
    }

    /// The row and the column of a head of a token.
    func place(_ head: Int, _ token: Int, tokens: Int) -> (row: Int, column: Int) {
        pitch.map { (token, head * $0 + column) } ?? (head * tokens + token, column)
    }
}

private struct CopyHeads: RowWork {
    let heads: Int
    let tokens: Int
    let count: Int
    let source: HeadColumns
    let from: FloatRows
    let target: HeadColumns
    let to: FloatRows

    func run(row: Int, worker: Int) {
        for head in 0..<heads {
            let (a, b) = (
                source.place(head, row, tokens: tokens), target.place(head, row, tokens: tokens)
            )
            unsafe to.pointer(b.row, b.column).update(
                from: from.pointer(a.row, a.column), count: count)
        }
    }
}
