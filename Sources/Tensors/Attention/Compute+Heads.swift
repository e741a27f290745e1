internal import CKernels

extension Compute {
    /// Adds biases, norms and turns heads, and keeps keys and values: a row at a time, while it is
    /// near, and as one job of the threads. In place; token i is in row i.
    ///
    /// The same bits as of the operations one after the other. All must be written before any
    /// attention of the layer reads. Without keys and values nothing is kept: `write` is nil.
    package func prepare(_ p: HeadPreparation, keeping write: KVWrite?, rows: Range<Int>) {
        check(p.x, rows, 0, p.width)
        p.check(rows, write)
        guard let write else { return prepare(p, in: nil, rows: rows) }
        write.withPlaces { prepare(p, in: $0, rows: rows) }
    }

    private func prepare(_ p: HeadPreparation, in places: KVPlaces?, rows: Range<Int>) {
        let keyColumn = p.heads * p.headDim
        let valueColumn = keyColumn + p.kvHeads * p.headDim
        let fetch = places.map { PrefetchKVRows(places: $0) }
        let keep = places.map {
            WriteKVRows(
                table: table, places: $0, keys: p.x.all, keyColumn: keyColumn, values: p.x.all,
                valueColumn: valueColumn)
        }
        let copy =
            p.valuesAreKeys
            ? CopyColumns(
                x: p.x.all, from: keyColumn, to: valueColumn, width: p.kvHeads * p.headDim) : nil
        withBias(p.bias, to: p.x, column: 0) { bias in
            withHeadNorms(p) { norms in
                withQueryScales(p) { scales in
                    eachRow(
                        rows, cost: 4 * p.width,
                        fetch.then(bias).then(clamping(p)).then(copy)
                            .then(p.normsTurned ? nil : norms).then(turning(p))
                            .then(p.normsTurned ? norms : nil)
                            .then(valueNorm(p, column: valueColumn)).then(scales).then(keep))
                }
            }
        }
    }

    private func clamping(_ p: HeadPreparation) -> ClampRows? {
        p.clamp.map {
            ClampRows(table: table, x: p.x.all, column: 0, width: p.width, bound: $0)
        }
    }

    private func turning(_ p: HeadPreparation) -> RopeRows? {
        p.rotary.map {
            unsafe RopeRows(
                x: p.x.all, column: 0, heads: p.heads + p.kvHeads, headDim: p.headDim, rotary: $0,
                kernel: kernel(p.style))
        }
    }

    private func valueNorm(_ p: HeadPreparation, column: Int) -> NormHeads? {
        guard p.normsValues else { return nil }
        let norm = unsafe RowNorm(
            table: table, kind: .rms, weight: nil, bias: nil, epsilon: p.epsilon)
        return NormHeads(
            x: p.x.all, column: column, heads: p.kvHeads, headDim: p.headDim, norm: norm)
    }

    /// Calls `body` with the norms of queries and keys, which are valid in the call.
    private func withHeadNorms(
        _ p: HeadPreparation, _ body: (RowSequence<NormHeads?, NormHeads?>) -> Void
    ) {
        func heads(_ norm: RowNorm, column: Int, count: Int) -> NormHeads {
            NormHeads(
                x: p.x.all, column: column, heads: count, headDim: p.headDim, span: p.normSpan,
                norm: norm)
        }
        withNorm(Norm(p.normKind, weight: p.queryNorm, epsilon: p.epsilon)) { query in
            withNorm(Norm(p.normKind, weight: p.keyNorm, epsilon: p.epsilon)) { key in
                let queries = heads(query, column: 0, count: p.heads)
                let keys = heads(key, column: p.heads * p.headDim, count: p.kvHeads)
                let none: NormHeads? = nil
                body((p.queryNorm.isEmpty ? none : queries).then(p.keyNorm.isEmpty ? none : keys))
            }
        }
    }

    /// Calls `body` with what multiplies queries, which is valid in the call; nil for no scales.
    private func withQueryScales(_ p: HeadPreparation, _ body: (ScaleQueries?) -> Void) {
        unsafe p.queryScales.withUnsafeBufferPointer { factors in
            guard let start = factors.baseAddress, !factors.isEmpty else { return body(nil) }
            unsafe body(
                ScaleQueries(
                    table: table, x: p.x.all, width: p.heads * p.headDim, factors: start))
        }
    }
}

/// Copies columns of a row to others of it.
private struct CopyColumns: RowWork {
    let x: FloatRows
    let from: Int
    let to: Int
    let width: Int

    func run(row: Int, worker: Int) {
        unsafe x.pointer(row, to).update(from: x.pointer(row, from), count: width)
    }
}

/// Multiplies the first columns of a row by a number of its own.
@safe
private struct ScaleQueries: RowWork {
    let table: KernelTable
    let x: FloatRows
    let width: Int
    let factors: UnsafePointer<Float>

    func run(row: Int, worker: Int) {
        let p = unsafe x.pointer(row)
        unsafe table.c.pointee.scale(p, factors[row], p, width)
    }
}
