internal import CKernels

/// The weights of a matrix as panels: 16 rows side by side, four columns of each after another,
/// which is how dot products read them, at every level. The width of the file's format is kept.
struct PackedWeights: Sendable {
    let memory: PanelMemory
    /// Of the first panel in `memory`.
    let offset: Int
    let panelBytes: Int

    /// Multiplies some panels by rows of activations, the first of which is `rows.lowerBound`.
    @unsafe
    func multiply(
        _ product: MatrixProduct, _ panels: Range<Int>, _ activations: qk_activations,
        _ rows: Range<Int>, _ table: KernelTable
    ) {
        unsafe product.multiply(
            panelsAt: memory.address(offset), panelBytes, panels, activations, rows, table)
    }
}

extension MatrixProduct {
    /// Multiplies some panels of the matrix, the first of which lies at an address, by rows of
    /// activations.
    @unsafe
    func multiply(
        panelsAt address: UnsafePointer<UInt8>, _ panelBytes: Int, _ panels: Range<Int>,
        _ activations: qk_activations, _ rows: Range<Int>, _ table: KernelTable
    ) {
        var call = unsafe qk_panel_product()
        unsafe call.panels = address
        unsafe call.panel_bytes = panelBytes
        unsafe call.columns = weight.columns
        unsafe call.outputs = weight.rows
        unsafe call.first_panel = panels.lowerBound
        unsafe call.panel_count = panels.count
        unsafe call.activations = activations
        unsafe call.rows = rows.count
        unsafe call.out = output.pointer(rows.lowerBound, column)
        unsafe call.out_stride = output.stride
        guard let kernels = unsafe qk_panels_of(table.c, weight.format.rawValue) else {
            preconditionFailure("\(weight.format) has no panels")
        }
        unsafe kernels.pointee.multiply(&call)
    }
}
