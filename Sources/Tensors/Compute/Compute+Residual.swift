internal import CKernels

extension Compute {
    /// `x = x + norm(y)`: what a sub-layer gives, normed and added to the residual stream. The same
    /// bits as of the two operations one after the other; `y` may be written.
    package func addNormed(
        _ y: FloatMatrix, by norm: Norm, to x: FloatMatrix, rows: Range<Int>
    ) {
        let n = x.columns
        guard n <= RowScratch.floats else {
            normalize(y, by: norm, rows: rows, into: y)
            add(x, y, rows: rows, into: x)
            return
        }
        check(x, rows, 0, n)
        check(y, rows, 0, n)
        precondition(y.columns == n)
        norm.check(n)
        withNorm(norm) { norm in
            eachRow(
                rows, cost: 2 * n,
                AddNormedRows(x: x.all, y: y.all, norm: norm, scratch: scratch.rows))
        }
    }

    /// The same with a root mean square.
    package func addNormed(
        _ y: FloatMatrix, weight: [Float], epsilon: Float, to x: FloatMatrix, rows: Range<Int>
    ) {
        precondition(weight.count == x.columns)
        addNormed(y, by: Norm(weight: weight, epsilon: epsilon), to: x, rows: rows)
    }
}

private struct AddNormedRows: RowWork {
    let x: FloatRows
    let y: FloatRows
    let norm: RowNorm
    /// A row of each thread.
    let scratch: FloatRows

    func run(row: Int, worker: Int) {
        let (normed, sum) = unsafe (scratch.pointer(worker), x.pointer(row))
        unsafe norm(y.pointer(row), normed, x.columns)
        unsafe norm.table.c.pointee.add(sum, normed, sum, x.columns)
    }
}
