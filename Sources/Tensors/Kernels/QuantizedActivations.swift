internal import CKernels

/// Rows of activations as bytes: 32 values share a float scale, largest magnitude / 127.
///
/// Made once and written by `Compute.quantize`; `Compute.multiply` reads it. Scales are floats,
/// because halves overflow on models with large activations. Each row also keeps the sums that
/// weight formats with a minimum need. Sendable is unchecked because workers write disjoint rows.
@safe
public final class QuantizedActivations: @unchecked Sendable {
    /// The number of rows.
    public let rows: Int

    /// The values in a row.
    public let columns: Int

    private let storage: AlignedBuffer
    private let layout: qk_activations

    /// Memory for `rows` x `columns` values, about 1.5 bytes each. Throws `outOfMemory` or
    /// `tooLarge`.
    public init(rows: Int, columns: Int) throws(TensorError) {
        precondition(rows >= 0 && columns >= 0)
        let chunk = Int(QK_CHUNK)
        let (rounded, tooWide) = columns.addingReportingOverflow(chunk - 1)
        let padded = rounded / chunk * chunk
        // A byte a value; per 32 values a scale, a sum and two half sums of 4 bytes each.
        let (count, tooMany) = rows.multipliedReportingOverflow(by: padded)
        let (bytes, tooLarge) = (count / 2).multipliedReportingOverflow(by: 3)
        guard !tooWide && !tooMany && !tooLarge else {
            throw TensorError(.tooLarge, "\(rows) x \(columns) activations are too many")
        }
        self.rows = rows
        self.columns = columns
        storage = try AlignedBuffer(count: max(bytes, 64))
        let start = unsafe storage.start.unsafelyUnwrapped
        let floats = unsafe (start + count).assumingMemoryBound(to: Float.self)
        unsafe layout = qk_activations(
            values: start.assumingMemoryBound(to: Int8.self),
            scales: floats, sums: floats + count / 32, half_sums: floats + count / 16,
            padded: padded)
    }

    /// The memory, for kernels; it must outlive its use.
    @unsafe
    var c: qk_activations { unsafe layout }

    /// The values that the bytes of a row stand for. O(columns).
    package func dequantized(row: Int) -> [Float] {
        precondition(row >= 0 && row < rows)
        let first = unsafe row * layout.padded
        return (first..<(first + columns)).map { i in
            unsafe Float(layout.values[i]) * layout.scales[i / 32]
        }
    }
}
