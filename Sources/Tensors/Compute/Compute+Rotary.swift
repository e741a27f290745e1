internal import CKernels

extension Compute {
    /// Turns the heads of every row, in place: row r by row r of the table.
    ///
    /// The heads are the columns `column..<column + heads * headDim`; only the first `rotaryDim`
    /// elements of a head are turned.
    package func rope(
        _ x: FloatMatrix, column: Int = 0, heads: Int, headDim: Int, rows: Range<Int>,
        table rotary: RotaryTable, style: RotaryStyle
    ) {
        check(x, rows, column, heads * headDim)
        precondition(rotary.rotaryDim <= headDim && rows.upperBound <= rotary.cosines.rows)
        unsafe eachRow(
            rows, cost: heads * headDim,
            RopeRows(
                x: x.all, column: column, heads: heads, headDim: headDim, rotary: rotary,
                kernel: kernel(style)))
    }

    /// Sets row i of a table for the token at `positions[i]`, the rows shared by the threads.
    package func fill(_ table: RotaryTable, positions: [Int32]) {
        precondition(positions.count <= table.cosines.rows)
        eachRow(
            0..<positions.count, cost: table.rotaryDim * TensorLimits.rotaryCost,
            FillRotary(table: table, positions: positions))
    }

    /// What turns a head.
    func kernel(_ style: RotaryStyle) -> RotaryKernel {
        switch style {
        case .neox: unsafe table.c.pointee.rope_neox
        case .interleaved: unsafe table.c.pointee.rope_interleaved
        }
    }
}

/// Turns the head at the first address by the cosines and sines of so many pairs.
typealias RotaryKernel =
    @convention(c) (
        UnsafeMutablePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>, Int
    ) -> Void

private struct FillRotary: RowWork {
    let table: RotaryTable
    let positions: [Int32]

    func run(row: Int, worker: Int) { table.fill(row, position: positions[row]) }
}

/// Turns the heads of a row.
@safe
struct RopeRows: RowWork {
    let x: FloatRows
    let column: Int
    let heads: Int
    let headDim: Int
    let half: Int
    let cosines: FloatRows
    let sines: FloatRows
    let kernel: RotaryKernel

    init(
        x: FloatRows, column: Int, heads: Int, headDim: Int, rotary: RotaryTable,
        kernel: RotaryKernel
    ) {
        self.x = x
        self.column = column
        self.heads = heads
        self.headDim = headDim
        half = rotary.rotaryDim / 2
        cosines = rotary.cosines.all
        sines = rotary.sines.all
        unsafe self.kernel = kernel
    }

    func run(row: Int, worker: Int) {
        let (c, s) = unsafe (cosines.pointer(row), sines.pointer(row))
        for head in 0..<heads {
            unsafe kernel(x.pointer(row, column + head * headDim), c, s, half)
        }
    }
}
