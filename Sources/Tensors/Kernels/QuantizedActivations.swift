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

    /// Memory for `rows` x `columns` values, about 2 bytes each, or 4 with refinement. Throws
    /// `outOfMemory` or `tooLarge`.
    package init(
        rows: Int, columns: Int, refinement: Refinement = .none
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
        let all = (refinement == .none ? rows : 2 * rows) * pitch
        var c = unsafe qk_activations()
        unsafe c.first = start.assumingMemoryBound(to: qk_run.self)
        unsafe c.refined = (start + all * MemoryLayout<qk_run>.stride)
            .assumingMemoryBound(to: UInt32.self)
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

    /// The runs of a row, those from one row to the next, which are one more, and the bytes of all
    /// rows: 64 a run and a bit.
    private static func size(
        _ rows: Int, _ columns: Int, _ refinement: Refinement
    ) -> (runs: Int, pitch: Int, bytes: Int)? {
        let chunk = Int(QK_CHUNK)
        let (rounded, tooWide) = columns.addingReportingOverflow(chunk - 1)
        let (all, tooMany) = rows.multipliedReportingOverflow(by: refinement == .none ? 1 : 2)
        let runs = rounded / chunk * (chunk / 32)
        let (pitch, words, run) = (runs + 1, qk_refined_words(runs), MemoryLayout<qk_run>.stride)
        let rowBytes = Double(run) * Double(pitch) + 4 * Double(words)
        guard !tooWide, !tooMany, rowBytes * Double(all) < 0x1p62 else { return nil }
        return (runs, pitch, all * (run * pitch + 4 * words))
    }

    /// The memory, for kernels; it must outlive its use.
    @unsafe
    var c: qk_activations { unsafe layout }

    /// The same, from a row on.
    @unsafe
    func c(from row: Int) -> qk_activations {
        var c = unsafe layout
        unsafe c.first += row * c.pitch
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
            let run = unsafe c.first[row * c.pitch + i / 32]
            return Float(value(run, i % 32)) * run.scale
        }
    }

    private func value(_ run: qk_run, _ index: Int) -> Int8 {
        unsafe withUnsafeBytes(of: run.values) { unsafe Int8(bitPattern: $0[index]) }
    }

    /// The memory of one row of runs, and of the bits that say which are refined: what two levels
    /// must agree on. Where a number is not one, which does not matter.
    func words(_ row: Int) -> [UInt32] {
        let c = unsafe layout
        let perRun = MemoryLayout<qk_run>.stride / 4
        let start = unsafe UnsafeRawPointer(c.first + row * c.pitch)
        let count = unsafe c.runs * perRun
        return (0..<count).map { i in
            let word = unsafe start.load(fromByteOffset: 4 * i, as: UInt32.self)
            let isNumber = (8..<12).contains(i % perRun)
            return isNumber && Float(bitPattern: word).isNaN ? Float.nan.bitPattern : word
        }
    }
}
