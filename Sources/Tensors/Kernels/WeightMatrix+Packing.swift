internal import CKernels

extension WeightMatrix {
    /// Whether products with bytes read panels.
    package var isPacked: Bool { panels != nil }

    /// The runs of 16 rows that products are cut into, whether or not the matrix is packed.
    var panelCount: Int { (rows + Int(QK_PANEL_ROWS) - 1) / Int(QK_PANEL_ROWS) }

    /// The bytes of the matrix as panels, the same at every level; nil for float formats, which
    /// have none.
    ///
    /// The file's bytes and up to a twentieth more: rows are padded to 16, columns to a unit.
    package var packedByteCount: Int? {
        guard let panelBytes else { return nil }
        let (bytes, isLarge) = panelBytes.multipliedReportingOverflow(by: panelCount)
        return isLarge ? nil : bytes
    }

    /// The bytes of one of its panels.
    var panelBytes: Int? {
        guard let kernels = unsafe qk_panels_of(KernelTable.active.c, format.rawValue) else {
            return nil
        }
        let unit = unsafe kernels.pointee.unit_columns
        let units = (columns + unit - 1) / unit
        let (bytes, isLarge) = unsafe units.multipliedReportingOverflow(
            by: kernels.pointee.unit_bytes)
        return isLarge ? nil : bytes
    }

    /// The matrix with its panels, which are written to `memory` from `offset` on.
    ///
    /// Products with bytes read the panels from then on; everything else reads the weights where
    /// they were. Their pages, if they are a file's, are given back to the system. In parallel over
    /// panels. A matrix that has no panels comes back as it is.
    package func packed(
        into memory: PanelMemory, at offset: Int, by compute: Compute
    ) -> WeightMatrix {
        guard let byteCount = packedByteCount, let panelBytes, rows > 0 else { return self }
        precondition(memory.isWritable, "the panels of a file are packed already")
        precondition(offset >= 0 && byteCount <= memory.count - offset, "panels beyond the memory")
        // In slices, so that hardly more than the panels is resident at any time.
        let slice = max(1, TensorLimits.packedSliceBytes / (Int(QK_PANEL_ROWS) * max(1, rowBytes)))
        for first in stride(from: 0, to: panelCount, by: slice) {
            let panels = first..<min(first + slice, panelCount)
            fetchPages(rows: rows(of: panels))
            compute.pool.run(tasks: panels.count) { task, _ in
                let panel = first + task
                unsafe pack(
                    panel..<panel + 1, to: memory.address(offset + panel * panelBytes),
                    compute.table)
            }
            releasePages(rows: rows(of: panels))
        }
        return packed(lyingIn: memory, at: offset)
    }

    /// Packs some panels to an address.
    @unsafe
    func pack(_ panels: Range<Int>, to address: UnsafeMutablePointer<UInt8>, _ table: KernelTable) {
        guard let panelBytes, let kernels = unsafe qk_panels_of(table.c, format.rawValue) else {
            preconditionFailure("\(format) has no panels")
        }
        for (index, panel) in panels.enumerated() {
            let rows = rows(of: panel..<panel + 1)
            unsafe withRows(rows) { weights in
                unsafe kernels.pointee.pack(
                    weights, rowBytes, rows.count, columns, address + index * panelBytes)
            }
        }
    }

    /// The rows of some panels.
    func rows(of panels: Range<Int>) -> Range<Int> {
        let height = Int(QK_PANEL_ROWS)
        return panels.lowerBound * height..<min(panels.upperBound * height, rows)
    }

    /// The matrix with panels that `memory` has already from `offset` on.
    package func packed(lyingIn memory: PanelMemory, at offset: Int) -> WeightMatrix {
        guard let byteCount = packedByteCount, rows > 0 else { return self }
        precondition(offset >= 0 && byteCount <= memory.count - offset, "panels beyond the memory")
        var copy = self
        copy.panels = PackedWeights(
            memory: memory, offset: offset, panelBytes: byteCount / panelCount)
        return copy
    }
}
