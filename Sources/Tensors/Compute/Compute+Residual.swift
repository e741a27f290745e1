internal import CKernels

extension Compute {
    /// `x = x + y / rms(y) * weight`: what a sub-layer gives, normed and added to the residual
    /// stream. The same bits as of the two operations one after the other.
    package func addNormed(
        _ y: FloatMatrix, weight: [Float], epsilon: Float, to x: FloatMatrix, rows: Range<Int>
    ) {
        let n = x.columns
        guard n <= RowScratch.floats else {
            rmsNorm(y, weight: weight, epsilon: epsilon, rows: rows, into: y)
            add(x, y, rows: rows, into: x)
            return
        }
        check(x, rows, 0, n)
        check(y, rows, 0, n)
        precondition(weight.count == n && y.columns == n)
        withNorm(weight: weight, epsilon: epsilon) { norm in
            eachRow(
                rows, cost: 2 * n,
                AddNormedRows(x: x.all, y: y.all, norm: norm, scratch: scratch.rows))
        }
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
