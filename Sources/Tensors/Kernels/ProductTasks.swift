internal import CKernels

/// Products of one input with several matrices, their panels cut into tasks of about equal size.
@safe
struct ProductTasks: PoolWork {
    let products: [MatrixProduct]
    /// Row 0 is row `rows.lowerBound` of the outputs.
    let activations: qk_activations
    let rows: Range<Int>
    /// Of all matrices together.
    let panels: Int
    let tasks: Int
    let table: KernelTable
    let peaks: RowPeaks?

    func run(task: Int, worker: Int) {
        var first = panels * task / tasks
        var end = panels * (task + 1) / tasks
        for product in products where end > 0 {
            let count = product.panels
            if first < count {
                run(product, first..<min(end, count), worker)
                if let peaks { look(product, first..<min(end, count), worker, peaks) }
            }
            first = max(0, first - count)
            end -= count
        }
    }

    /// Looks for the largest elements of what some panels gave.
    private func look(
        _ product: MatrixProduct, _ panels: Range<Int>, _ worker: Int, _ peaks: RowPeaks
    ) {
        let first = panels.lowerBound * Int(QK_PANEL_ROWS)
        let count = min(panels.count * Int(QK_PANEL_ROWS), product.weight.rows - first)
        let column = product.column + first
        for row in rows {
            unsafe table.c.pointee.scan.peak_part(
                product.output.pointer(row, column), count, Int32(column),
                peaks.pointer(row - rows.lowerBound, worker: worker))
        }
    }

    private func run(_ product: MatrixProduct, _ panels: Range<Int>, _ worker: Int) {
        guard let packed = product.weight.panels else {
            preconditionFailure("\(product.weight.format) weights are not packed")
        }
        unsafe packed.multiply(product, panels, activations, rows, table)
    }
}
