internal import CKernels

extension Compute {
    /// Rounds rows of `x` to int8, 32 values to a scale. [rows, n] to [rows, n].
    ///
    /// The same bits at every level. A value that is not finite makes its 32 values NaN.
    public func quantize(
        _ x: FloatMatrix, rows: Range<Int>, into out: QuantizedActivations
    ) {
        precondition(rows.lowerBound >= 0 && rows.upperBound <= min(x.rows, out.rows))
        precondition(x.columns == out.columns)
        eachRow(rows, cost: x.columns) { row in
            unsafe withUnsafePointer(to: out.c) { activations in
                unsafe table.c.pointee.quantize(x.pointer(row), x.columns, activations, row)
            }
        }
    }

    /// `out[r, column + o] = dot(w[o], a[r])` for the given rows of `a` and every row of `w`.
    ///
    /// `a`: [rows, w.columns]. In parallel over the rows of `w`. Each element is computed in one
    /// order, whatever the rows and the threads. F32, F16 and BF16 weights have no int8 product:
    /// give them float activations.
    public func multiply(
        _ w: WeightMatrix, _ a: QuantizedActivations, rows: Range<Int>, into out: FloatMatrix,
        column: Int = 0
    ) {
        precondition(rows.lowerBound >= 0 && rows.upperBound <= a.rows)
        precondition(w.columns == a.columns && !w.format.isFloat)
        var product = unsafe qk_product()
        unsafe product.activations = a.c
        let first = unsafe rows.lowerBound * product.activations.padded
        unsafe product.activations.values += first
        unsafe product.activations.scales += first / 32
        unsafe product.activations.sums += first / 32
        unsafe product.activations.half_sums += first / 16
        unsafe run(product, w, rows, into: out, column) { unsafe $0.multiply }
        withExtendedLifetime(a) {}
    }

    /// `out[r, column + o] = dot(w[o], x[r])` with float activations, for every format.
    ///
    /// As the product with int8 activations otherwise. For F32, F16 and BF16 weights, and to tell
    /// the error of rounding activations from others.
    public func multiply(
        _ w: WeightMatrix, _ x: FloatMatrix, rows: Range<Int>, into out: FloatMatrix,
        column: Int = 0
    ) {
        precondition(rows.lowerBound >= 0 && rows.upperBound <= x.rows)
        precondition(w.columns == x.columns)
        guard !rows.isEmpty else { return }
        var product = unsafe qk_product()
        unsafe product.x = UnsafePointer(x.pointer(rows.lowerBound))
        unsafe product.x_stride = x.stride
        unsafe run(product, w, rows, into: out, column) { unsafe $0.multiply_float }
        withExtendedLifetime(x) {}
    }

    /// Runs one product, its outputs cut into tasks.
    @unsafe
    private func run(
        _ given: qk_product, _ w: WeightMatrix, _ rows: Range<Int>, into out: FloatMatrix,
        _ column: Int, kernel: (qk_format) -> (@convention(c) (UnsafePointer<qk_product>?) -> Void)?
    ) {
        precondition(rows.upperBound <= out.rows)
        precondition(column >= 0 && column <= out.columns && w.rows <= out.columns - column)
        guard !rows.isEmpty, w.rows > 0 else { return }
        guard let format = unsafe qk_format_of(table.c, w.format.rawValue),
            let multiply = unsafe kernel(format.pointee)
        else { preconditionFailure("\(w.format) has no such product") }
        var product = unsafe given
        unsafe product.row_bytes = w.rowBytes
        unsafe product.columns = w.columns
        unsafe product.rows = rows.count
        unsafe product.out = out.pointer(rows.lowerBound, column)
        unsafe product.out_stride = out.stride
        let chunk = outputsPerTask(w, rows: rows.count)
        unsafe w.withAddress { weights in
            unsafe product.weights = weights
            let product = unsafe product
            pool.run(tasks: (w.rows + chunk - 1) / chunk) { task, _ in
                var part = unsafe product
                unsafe part.first_output = task * chunk
                unsafe part.outputs = min(chunk, w.rows - task * chunk)
                unsafe multiply(&part)
            }
        }
    }

    /// Weight rows of one task: enough bytes to be worth a trip to the counter, few enough that
    /// the threads end together, and a multiple of the kernels' tile.
    private func outputsPerTask(_ w: WeightMatrix, rows: Int) -> Int {
        guard pool.threads > 1 else { return w.rows }
        let tile = 16
        let worthwhile = 64 << 10
        let cost = max(1, w.rowBytes * (rows + 3) / 4)
        let least = (worthwhile / cost + tile) / tile * tile
        let fair = (w.rows / (pool.threads * 8) + tile) / tile * tile
        return min(max(least, fair), max(tile, w.rows))
    }
}
