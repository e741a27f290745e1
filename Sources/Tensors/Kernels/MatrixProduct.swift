internal import CKernels

/// One matrix that an input is multiplied by, and where the product goes.
package struct MatrixProduct: Sendable {
    /// The matrix.
    package let weight: WeightMatrix

    /// What the product is written to.
    package let output: FloatMatrix

    /// The column of `output` that the first row of the matrix gives.
    package let column: Int

    /// The product goes to the columns of `output` from `column` on.
    package init(_ weight: WeightMatrix, into output: FloatMatrix, column: Int = 0) {
        precondition(column >= 0 && column <= output.columns)
        precondition(weight.rows <= output.columns - column)
        self.weight = weight
        self.output = output
        self.column = column
    }

    /// The panels of the matrix.
    var panels: Int { weight.panelCount }

    /// The rows of activations must have rows of output.
    func check(_ rows: Range<Int>) {
        precondition(rows.upperBound <= output.rows)
    }

    /// Calls `body` with a call of the kernels that walk rows of weights in the file's format, for
    /// some panels' worth of rows; the activations are missing.
    @unsafe
    func withRows(
        _ panels: Range<Int>, _ rows: Range<Int>, _ table: KernelTable,
        _ body: (inout qk_product, qk_format) -> Void
    ) {
        guard let kernels = unsafe qk_format_of(table.c, weight.format.rawValue) else {
            preconditionFailure("\(weight.format) has no kernels")
        }
        let first = panels.lowerBound * Int(QK_PANEL_ROWS)
        var call = unsafe qk_product()
        unsafe call.row_bytes = weight.rowBytes
        unsafe call.columns = weight.columns
        unsafe call.first_output = first
        unsafe call.outputs = min(panels.count * Int(QK_PANEL_ROWS), weight.rows - first)
        unsafe call.rows = rows.count
        unsafe call.out = output.pointer(rows.lowerBound, column)
        unsafe call.out_stride = output.stride
        unsafe weight.withAddress { weights in
            unsafe call.weights = weights
            unsafe body(&call, kernels.pointee)
        }
    }
}
