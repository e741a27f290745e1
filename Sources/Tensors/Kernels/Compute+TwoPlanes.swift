internal import CKernels

// A row of activations as the sum of two rows of bytes: the row rounded, and what rounding left
// over, rounded in turn. About 15 bits a value instead of 8, for twice the multiplications but
// the same weights read.
extension Compute {
    /// Rounds the first `count` rows of `x` to two rows each: row r of `out`, and row
    /// `count + r` for what is left over. [count, n] to [2 · count, n].
    public func quantizeInTwoPlanes(
        _ x: FloatMatrix, rows count: Int, into out: QuantizedActivations
    ) {
        precondition(count >= 0 && count <= x.rows && count <= out.rows / 2)
        precondition(x.columns == out.columns)
        eachRow(0..<count, cost: 2 * x.columns) { row in
            unsafe withUnsafePointer(to: out.c) { activations in
                unsafe table.c.pointee.quantize_twice(
                    x.pointer(row), x.columns, activations, row, count + row)
            }
        }
    }

    /// Adds the products of the second planes to those of the first: row r += row `count + r`, in
    /// the columns `column..<column + width`.
    public func addPlanes(_ out: FloatMatrix, rows count: Int, column: Int = 0, width: Int) {
        precondition(count >= 0 && count <= out.rows / 2)
        check(out, 0..<2 * count, column, width)
        eachRow(0..<count, cost: width) { row in
            let p = unsafe out.pointer(row, column)
            unsafe table.c.pointee.add(p, out.pointer(count + row, column), p, width)
        }
    }
}
