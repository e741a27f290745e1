/// A row-major matrix of floats, zeroed at first, every row starting at a 64-byte boundary.
///
/// It is the scratch memory of a forward pass: made once, written by one operation of `Compute`
/// after the other. Sendable is unchecked because workers write to disjoint parts of one matrix; a
/// caller that shares a matrix between its own threads must keep them from the same rows.
@safe
package final class FloatMatrix: @unchecked Sendable {
    /// The number of rows.
    package let rows: Int

    /// The floats in a row.
    package let columns: Int

    /// The floats from the start of a row to the start of the next: `columns` rounded up to 16.
    package let stride: Int

    private let storage: AlignedBuffer
    private let start: UnsafeMutablePointer<Float>

    /// Allocates `rows` x `columns` zeros. Throws `outOfMemory` or `tooLarge`.
    package init(rows: Int, columns: Int) throws(TensorError) {
        precondition(rows >= 0 && columns >= 0)
        let (padded, tooWide) = columns.addingReportingOverflow(15)
        stride = padded & ~15
        let (count, tooMany) = rows.multipliedReportingOverflow(by: stride)
        let (bytes, tooLarge) = count.multipliedReportingOverflow(by: 4)
        guard !tooWide && !tooMany && !tooLarge else {
            throw TensorError(.tooLarge, "a matrix of \(rows) x \(columns) floats is too large")
        }
        self.rows = rows
        self.columns = columns
        storage = try AlignedBuffer(count: max(bytes, 64))
        unsafe start = storage.start.unsafelyUnwrapped.assumingMemoryBound(to: Float.self)
    }

    /// The floats of a row; valid until the matrix is next written.
    @_lifetime(borrow self)
    package func row(_ row: Int) -> Span<Float> {
        let span = unsafe Span(_unsafeStart: pointer(row), count: columns)
        return unsafe _overrideLifetime(span, borrowing: self)
    }

    /// Calls `body` with the floats of a row to write. No one else may use the row meanwhile.
    package func withMutableRow<R, E: Error>(
        _ row: Int, _ body: (inout MutableSpan<Float>) throws(E) -> R
    ) throws(E) -> R {
        var span = unsafe MutableSpan(_unsafeStart: pointer(row), count: columns)
        return try body(&span)
    }

    /// Copies rows of another matrix of the same width: row `from[i]` to row `i`. Of this
    /// matrix itself, if `from` ascends. O(count).
    package func gather(_ from: [Int32], of source: FloatMatrix) {
        precondition(source.columns == columns && from.count <= rows)
        // Ascending rows never land on one that is yet to be copied.
        for (row, origin) in from.enumerated() {
            unsafe pointer(row).update(from: source.pointer(Int(origin)), count: columns)
        }
    }

    /// The address of an element, for kernels; the matrix must outlive its use.
    func pointer(_ row: Int, _ column: Int = 0) -> UnsafeMutablePointer<Float> {
        precondition(row >= 0 && row < rows && column >= 0 && column <= columns)
        return unsafe start + (row * stride + column)
    }

    /// The rows without the matrix, which must outlive them.
    var all: FloatRows {
        unsafe FloatRows(start: start, rows: rows, columns: columns, stride: stride)
    }
}

/// The rows of a matrix as the tasks of a job have them: a value without a reference. Threads that
/// all count the same reference wait for each other longer than a row takes.
@safe
struct FloatRows {
    private let start: UnsafeMutablePointer<Float>
    let rows: Int
    let columns: Int
    private let stride: Int

    @unsafe
    init(start: UnsafeMutablePointer<Float>, rows: Int, columns: Int, stride: Int) {
        unsafe self.start = start
        self.rows = rows
        self.columns = columns
        self.stride = stride
    }

    /// The address of an element.
    func pointer(_ row: Int, _ column: Int = 0) -> UnsafeMutablePointer<Float> {
        precondition(row >= 0 && row < rows && column >= 0 && column <= columns)
        return unsafe start + (row * stride + column)
    }
}
