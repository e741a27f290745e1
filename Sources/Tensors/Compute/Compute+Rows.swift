internal import CKernels

extension Compute {
    /// `out = x / rms(x) * weight`, row by row; `into` may be `x`. Without a weight: all ones.
    ///
    /// `x`, `into`: [rows, n]; `weight`: [n].
    package func rmsNorm(
        _ x: FloatMatrix, weight: [Float]?, epsilon: Float, rows: Range<Int>,
        into out: FloatMatrix
    ) {
        normalize(x, by: Norm(weight: weight ?? [], epsilon: epsilon), rows: rows, into: out)
    }

    /// Normalises every head of a row by itself and in place: the QK norm of Gemma 3 and Qwen 3.
    ///
    /// The heads are the columns `column..<column + heads * headDim`; `weight`: [headDim].
    package func rmsNormHeads(
        _ x: FloatMatrix, column: Int = 0, heads: Int, headDim: Int, weight: [Float]?,
        epsilon: Float, rows: Range<Int>
    ) {
        normalizeHeads(
            x, column: column, heads: heads, headDim: headDim,
            by: Norm(weight: weight ?? [], epsilon: epsilon), rows: rows)
    }

    /// `out = a + b`, element by element; `into` may be either.
    package func add(
        _ a: FloatMatrix, _ b: FloatMatrix, rows: Range<Int>, into out: FloatMatrix
    ) {
        let n = a.columns
        check(a, rows, 0, n)
        check(b, rows, 0, n)
        check(out, rows, 0, n)
        eachRow(
            rows, cost: n,
            AddRows(table: table, a: a.all, b: b.all, out: out.all, column: 0, width: n))
    }

    /// Adds a bias to the columns `column..<column + bias.count` of every row, in place.
    package func addBias(
        _ bias: [Float], to x: FloatMatrix, column: Int = 0, rows: Range<Int>
    ) {
        check(x, rows, column, bias.count)
        withBias(bias, to: x, column: column) { eachRow(rows, cost: bias.count, $0) }
    }

    /// `x = x * factor`, in place.
    package func scale(_ x: FloatMatrix, by factor: Float, rows: Range<Int>) {
        check(x, rows, 0, x.columns)
        eachRow(rows, cost: x.columns, ScaleRows(table: table, x: x.all, factor: factor))
    }

    /// `x = cap * tanh(x / cap)`, in place: Gemma 2's soft cap of logits. `cap` > 0.
    package func softCap(_ x: FloatMatrix, cap: Float, rows: Range<Int>) {
        precondition(cap > 0)
        check(x, rows, 0, x.columns)
        eachRow(rows, cost: x.columns, CapRows(table: table, x: x.all, cap: cap))
    }

    /// `out = activation(gate) * up` (SwiGLU and GeGLU, Shazeer 2020).
    ///
    /// `gate` and `up` are `width` columns of their matrices from `gateColumn` and `upColumn`;
    /// `into` may be either.
    package func gateMultiply(
        _ gate: FloatMatrix, gateColumn: Int = 0, _ up: FloatMatrix, upColumn: Int = 0,
        by activation: ProductInput.Gate, width: Int, rows: Range<Int>, into out: FloatMatrix
    ) {
        check(gate, rows, gateColumn, width)
        check(up, rows, upColumn, width)
        check(out, rows, 0, width)
        unsafe eachRow(
            rows, cost: 8 * width,
            GateRows(
                kernel: kernel(activation), gate: gate.all, gateColumn: gateColumn,
                up: up.all, upColumn: upColumn, width: width, out: out.all))
    }

    /// `x = activation(x)`, in place: of a network without a gate.
    package func activate(
        _ x: FloatMatrix, by activation: ProductInput.Gate, rows: Range<Int>
    ) {
        check(x, rows, 0, x.columns)
        unsafe eachRow(
            rows, cost: 8 * x.columns,
            GateRows(
                kernel: kernel(activation), gate: x.all, gateColumn: 0, up: nil, upColumn: 0,
                width: x.columns, out: x.all))
    }

    /// Holds the columns `column..<column + width` within -bound...bound, in place: `clip_qkv` of
    /// OLMo and MPT. `bound` > 0; NaN stays.
    package func clamp(
        _ x: FloatMatrix, column: Int = 0, width: Int, to bound: Float, rows: Range<Int>
    ) {
        precondition(bound > 0)
        check(x, rows, column, width)
        eachRow(
            rows, cost: width,
            ClampRows(table: table, x: x.all, column: column, width: width, bound: bound))
    }

    /// The columns `column..<column + count` must exist in all of `rows`.
    func check(_ x: FloatMatrix, _ rows: Range<Int>, _ column: Int, _ count: Int) {
        precondition(rows.lowerBound >= 0 && rows.upperBound <= x.rows, "rows beyond the matrix")
        precondition(
            column >= 0 && count >= 0 && column + count <= x.columns, "columns beyond the matrix")
    }
}
