internal import CKernels

/// Room for panels that products pack on their way, a part for each thread: matrices that do not
/// fit into memory stay in their file, and the same kernels read them.
@safe
package final class PanelScratch: @unchecked Sendable {
    // Sendable: no two tasks with the same worker number run at once.

    private let buffer: AlignedBuffer
    private let bytesPerThread: Int

    /// Room for the matrices of `weights`, of which one is multiplied at a time. Throws
    /// `outOfMemory`.
    package init(threads: Int, for weights: [WeightMatrix]) throws(TensorError) {
        bytesPerThread = Self.bytesPerThread(for: weights)
        buffer = try AlignedBuffer(count: threads * bytesPerThread)
    }

    /// The bytes that it takes.
    package static func byteCount(threads: Int, for weights: [WeightMatrix]) -> Int {
        threads * bytesPerThread(for: weights)
    }

    /// As many panels as use the same activations one after another, each a multiple of 64 bytes.
    private static func bytesPerThread(for weights: [WeightMatrix]) -> Int {
        weights.reduce(0) { max($0, ($1.panelBytes ?? 0) * Int(QK_TILE_PANELS)) }
    }

    /// Packs some panels of a matrix and multiplies them by rows of activations, as often as the
    /// room asks for: the same elements in the same order as if all had been packed before.
    @unsafe
    func multiply(
        _ product: MatrixProduct, _ panels: Range<Int>, _ activations: qk_activations,
        _ rows: Range<Int>, _ table: KernelTable, worker: Int
    ) {
        guard let panelBytes = product.weight.panelBytes, let memory = unsafe buffer.start else {
            preconditionFailure("\(product.weight.format) has no panels, or there is no room")
        }
        precondition(panelBytes <= bytesPerThread)
        let start = unsafe (memory + worker * bytesPerThread).assumingMemoryBound(to: UInt8.self)
        let most = bytesPerThread / panelBytes
        for first in stride(from: panels.lowerBound, to: panels.upperBound, by: most) {
            let part = first..<min(first + most, panels.upperBound)
            unsafe product.weight.pack(part, to: start, table)
            unsafe product.rows(of: part).multiply(
                panelsAt: start, panelBytes, 0..<part.count, activations, rows, table)
        }
    }
}

extension MatrixProduct {
    /// The product with the rows of some panels alone.
    fileprivate func rows(of panels: Range<Int>) -> MatrixProduct {
        let rows = weight.rows(of: panels)
        return MatrixProduct(weight.rows(rows), into: output, column: column + rows.lowerBound)
    }
}
