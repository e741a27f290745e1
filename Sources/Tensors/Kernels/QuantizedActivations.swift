internal import CKernels

/// When a run of 32 activations, rounded to bytes, gets a second run for what rounding left over:
/// about 15 bits a value instead of 8, for one more multiplication with the same weights.
package enum Refinement: Hashable, Sendable {
    /// Never.
    case none
    /// Where the largest magnitude is more than so many times the row's mean magnitude. Hardly a
    /// run of normally distributed values has one above five times, but some models have single
    /// activations a hundred times the others, beside which eight bits lose the rest of the run.
    case outliers(above: Float)
    /// Always.
    case all
}

/// Rows of activations as bytes: 32 values share a float scale, largest magnitude / 127.
///
/// Made once and written by `Compute.quantize`; `Compute.multiply` reads it. Scales are floats,
/// because halves overflow on models with large activations. Each row also keeps the sums that
/// weight formats with a minimum or a bias need. Sendable is unchecked because workers write
/// disjoint rows.
@safe
package final class QuantizedActivations: @unchecked Sendable {
    /// The number of rows.
    package let rows: Int

    /// The values in a row.
    package let columns: Int

    /// Which runs are refined.
    package let refinement: Refinement

    private let storage: AlignedBuffer
    private let layout: qk_activations

    /// Memory for `rows` x `columns` values, about 2 bytes each, or 4 with refinement, laid out for
    /// the kernels of a level. Throws `outOfMemory` or `tooLarge`.
    package init(
        rows: Int, columns: Int, refinement: Refinement = .none, level: ISALevel = .active
    ) throws(TensorError) {
        precondition(rows >= 0 && columns >= 0)
        guard let (runs, pitch, bytes) = Self.size(rows, columns, refinement) else {
            throw TensorError(.tooLarge, "\(rows) x \(columns) activations are too many")
        }
        self.rows = rows
        self.columns = columns
        self.refinement = refinement
        storage = try AlignedBuffer(count: max(bytes, 64))
        let start = unsafe storage.start.unsafelyUnwrapped
        let all = (refinement == .none ? rows : 2 * rows) * pitch / 32
        var c = unsafe qk_activations()
        unsafe c.values = start.assumingMemoryBound(to: Int8.self)
        let numbers: UnsafeMutableRawPointer
        let apart: Int
        if level.hasPanels {
            // qk_run: 32 values, then the numbers one after another.
            unsafe numbers = start + 32
            apart = 1
            unsafe c.step = 16
        } else {
            unsafe numbers = start + 32 * all
            apart = all
            unsafe c.step = 1
        }
        let floats = unsafe numbers.assumingMemoryBound(to: Float.self)
        let counts = unsafe numbers.assumingMemoryBound(to: Int32.self)
        unsafe c.scales = floats
        unsafe c.sums = floats + apart
        unsafe c.half_sums = floats + 2 * apart
        unsafe c.counts = counts + 4 * apart
        unsafe c.half_counts = counts + 5 * apart
        unsafe c.refined = (start + 64 * all).assumingMemoryBound(to: UInt32.self)
        unsafe c.refined_rows = refinement == .none ? 0 : rows
        if case .outliers(let above) = refinement { unsafe c.outlier = above }
        unsafe (c.runs, c.pitch) = (runs, pitch)
        unsafe layout = c
    }

    /// The bytes of memory that `rows` x `columns` values take. O(1).
    package static func byteCount(
        rows: Int, columns: Int, refinement: Refinement = .none
    ) -> Int {
        size(rows, columns, refinement)?.bytes ?? .max
    }

    /// The runs of a row, the columns from one row to the next, which are one run more, and the
    /// bytes of all rows: 64 a run and a bit.
    private static func size(
        _ rows: Int, _ columns: Int, _ refinement: Refinement
    ) -> (runs: Int, pitch: Int, bytes: Int)? {
        let chunk = Int(QK_CHUNK)
        let (rounded, tooWide) = columns.addingReportingOverflow(chunk - 1)
        let (all, tooMany) = rows.multipliedReportingOverflow(by: refinement == .none ? 1 : 2)
        let runs = rounded / chunk * (chunk / 32)
        let (pitch, words) = (32 * (runs + 1), qk_refined_words(runs))
        let rowBytes = 2 * Double(pitch) + 4 * Double(words)
        guard !tooWide, !tooMany, rowBytes * Double(all) < 0x1p62 else { return nil }
        return (runs, pitch, all * (2 * pitch + 4 * words))
    }

    /// The memory, for kernels; it must outlive its use.
    @unsafe
    var c: qk_activations { unsafe layout }

    /// The same, from a row on.
    @unsafe
    func c(from row: Int) -> qk_activations {
        var c = unsafe layout
        let run = unsafe row * c.pitch / 32
        unsafe c.values += run * (c.step == 1 ? 32 : 64)
        unsafe c.scales += run * c.step
        unsafe c.sums += run * c.step
        unsafe c.counts += run * c.step
        unsafe c.half_sums += run * max(c.step, 2)
        unsafe c.half_counts += run * max(c.step, 2)
        unsafe c.refined += row * qk_refined_words(c.runs)
        return unsafe c
    }

    /// The values that the bytes of a row stand for. O(columns).
    package func dequantized(row: Int) -> [Float] {
        precondition(row >= 0 && row < rows)
        let first = coarse(row)
        guard refinement != .none else { return first }
        return zip(first, coarse(rows + row)).map { $0 + $1 }
    }

    /// The values of one row of runs; those of what rounding left over follow all others.
    package func coarse(_ row: Int) -> [Float] {
        let c = unsafe layout
        return (0..<columns).map { i in
            let run = unsafe row * c.pitch / 32 + i / 32
            let value = unsafe c.values[run * (c.step == 1 ? 32 : 64) + i % 32]
            return unsafe Float(value) * c.scales[run * c.step]
        }
    }
}

extension ISALevel {
    /// Whether the level's products with bytes want weights as panels.
    var hasPanels: Bool {
        guard let table = KernelTable(self) else { return false }
        return unsafe qk_panels_of(table.c, TensorFormat.q8_0.rawValue) != nil
    }
}
