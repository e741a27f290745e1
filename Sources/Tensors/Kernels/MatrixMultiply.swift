internal import CKernels

/// Rounding of one row.
@safe
private struct QuantizeRows: RowWork {
    let table: KernelTable
    let x: FloatRows
    let out: qk_activations

    func run(row: Int, worker: Int) {
        unsafe withUnsafePointer(to: out) { activations in
            unsafe table.c.pointee.quantize(x.pointer(row), x.columns, activations, row)
        }
    }
}

extension Compute {
    /// Rounds rows of `x` to int8, 32 values to a scale, refined as `out` asks. [rows, n] to
    /// [rows, n].
    ///
    /// The same bits at every level. A value that is not finite makes its 32 values NaN.
    package func quantize(
        _ x: FloatMatrix, rows: Range<Int>, into out: QuantizedActivations
    ) {
        precondition(rows.lowerBound >= 0 && rows.upperBound <= min(x.rows, out.rows))
        precondition(x.columns == out.columns)
        unsafe eachRow(
            rows, cost: x.columns, QuantizeRows(table: table, x: x.all, out: out.c))
    }

    /// `out[r, column + o] = dot(w[o], a[r])` for the given rows of `a` and every row of `w`.
    ///
    /// As the product of several matrices.
    package func multiply(
        _ w: WeightMatrix, _ a: QuantizedActivations, rows: Range<Int>, into out: FloatMatrix,
        column: Int = 0
    ) {
        multiply(ProductGroup([MatrixProduct(w, into: out, column: column)]), a, rows: rows)
    }

    /// Multiplies the given rows of one input by several matrices, as one job of the threads.
    ///
    /// `a`: [rows, columns of every matrix]. In parallel over the rows of the matrices. Each
    /// element is computed in one order, whatever the rows, the company and the threads. The
    /// matrices are packed (`WeightMatrix.packed`). F32, F16 and BF16 weights have no int8 product:
    /// give them float activations.
    ///
    /// - Parameter peaks: takes the largest element of every row; the matrices' outputs are side by
    ///   side then, the first from column 0 on. At least as many threads as the pool's.
    package func multiply(
        _ group: ProductGroup, _ a: QuantizedActivations, rows: Range<Int>,
        peaks: RowPeaks? = nil
    ) {
        precondition(rows.lowerBound >= 0 && rows.upperBound <= a.rows)
        peaks?.begin(rows.count)
        guard !rows.isEmpty, group.panels > 0 else { return }
        for product in group.products {
            precondition(product.weight.columns == a.columns && !product.weight.format.isFloat)
            product.check(rows)
        }
        let tasks = productTasks(panels: group.panels, bytes: group.byteCount, rows: rows.count)
        pool.run(
            tasks: tasks,
            unsafe ProductTasks(
                products: group.products, activations: a.c(from: rows.lowerBound), rows: rows,
                panels: group.panels, tasks: tasks, table: table, peaks: peaks))
        peaks?.end()
        withExtendedLifetime(a) {}
    }

    /// `out[r, column + o] = dot(w[o], x[r])` with float activations, for every format.
    ///
    /// As the product with int8 activations otherwise. For F32, F16 and BF16 weights, and to tell
    /// the error of rounding activations from others.
    package func multiply(
        _ w: WeightMatrix, _ x: FloatMatrix, rows: Range<Int>, into out: FloatMatrix,
        column: Int = 0
    ) {
        precondition(rows.lowerBound >= 0 && rows.upperBound <= x.rows)
        precondition(w.columns == x.columns)
        guard !rows.isEmpty, w.rows > 0 else { return }
        let product = MatrixProduct(w, into: out, column: column)
        product.check(rows)
        let tasks = productTasks(panels: product.panels, bytes: w.byteCount, rows: rows.count)
        pool.run(tasks: tasks) { task, _ in
            let panels = product.panels * task / tasks..<product.panels * (task + 1) / tasks
            unsafe product.withRows(panels, rows, table) { call, kernels in
                unsafe call.x = UnsafePointer(x.pointer(rows.lowerBound))
                unsafe call.x_stride = x.stride
                unsafe kernels.multiply_float?(&call)
            }
        }
    }

    /// Into how many tasks a product is cut: each enough bytes to be worth a trip to the counter,
    /// many panels for every tile of many rows, and as many for every thread.
    private func productTasks(panels: Int, bytes: Int, rows: Int) -> Int {
        guard pool.threads > 1 else { return 1 }
        let byBytes = bytes * (rows + 3) / 4 / TensorLimits.productTaskBytes
        let byTile = rows > Int(QK_TILE_ROWS) ? panels / Int(QK_TILE_PANELS) : 0
        let most = max(1, min(panels, max(byTile, min(byBytes, pool.threads * 8))))
        return most < pool.threads ? most : most / pool.threads * pool.threads
    }
}
