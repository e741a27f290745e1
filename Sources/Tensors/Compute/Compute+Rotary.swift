internal import CKernels

extension Compute {
    /// Turns the heads of every row, in place: row r by row r of the table.
    ///
    /// The heads are the columns `column..<column + heads * headDim`; only the first `rotaryDim`
    /// elements of a head are turned.
    public func rope(
        _ x: FloatMatrix, column: Int = 0, heads: Int, headDim: Int, rows: Range<Int>,
        table rotary: RotaryTable, style: RotaryStyle
    ) {
        check(x, rows, column, heads * headDim)
        precondition(rotary.rotaryDim <= headDim && rows.upperBound <= rotary.cosines.rows)
        let half = rotary.rotaryDim / 2
        let kernel =
            switch style {
            case .neox: unsafe table.c.pointee.rope_neox
            case .interleaved: unsafe table.c.pointee.rope_interleaved
            }
        unsafe eachRow(
            rows, cost: heads * headDim,
            RopeRows(
                x: x, column: column, heads: heads, headDim: headDim, half: half, rotary: rotary,
                kernel: kernel))
    }
}

@safe
private struct RopeRows: RowWork {
    let x: FloatMatrix
    let column: Int
    let heads: Int
    let headDim: Int
    let half: Int
    let rotary: RotaryTable
    let kernel:
        @convention(c) (
            UnsafeMutablePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>, Int
        ) -> Void

    func run(row: Int) {
        let cosines = unsafe rotary.cosines.pointer(row)
        let sines = unsafe rotary.sines.pointer(row)
        for head in 0..<heads {
            unsafe kernel(x.pointer(row, column + head * headDim), cosines, sines, half)
        }
    }
}
