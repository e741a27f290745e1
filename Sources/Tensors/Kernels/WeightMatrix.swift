internal import CKernels

/// A matrix of weights in its file's format, each row the weights of one output.
///
/// The weights stay where they are: in the mapped file, or in memory given at construction; they
/// may also be packed (`packed(into:at:by:)`) as products with bytes want them. The
/// constructors check that they are all there, so that no use of the matrix can fail.
package struct WeightMatrix: Sendable {
    /// How the weights are stored.
    package let format: TensorFormat

    /// The number of rows: the outputs.
    package let rows: Int

    /// The weights in a row: the inputs.
    package let columns: Int

    /// The bytes from one row to the next.
    package let rowBytes: Int

    let storage: Storage

    /// The same weights as panels, if they were packed.
    var panels: PackedWeights?

    /// Where the bytes of the rows are.
    enum Storage: Sendable {
        case mapped(MappedFile, offset: Int)
        case owned(OwnedBytes, offset: Int)
        /// Nowhere: the rows are those of another matrix, each rounded when it is asked for.
        indirect case rounded(WeightMatrix)
    }

    /// The weights at an offset of a mapped file, read in place; no alignment is needed.
    ///
    /// Throws `invalidShape` when the format has no kernels, when a row is not a whole number of
    /// blocks, or when the file ends before the matrix does. O(1).
    package init(
        format: TensorFormat, rows: Int, columns: Int, file: MappedFile, offset: Int
    ) throws(TensorError) {
        let size = try Self.size(format, rows, columns)
        let (end, overflow) = offset.addingReportingOverflow(size)
        guard offset >= 0, !overflow, end <= file.count else {
            throw TensorError(
                .invalidShape,
                "\(rows) x \(columns) weights of \(format) at byte \(offset) need \(size) bytes,"
                    + " beyond the end of \(file.path) (\(file.count) bytes): fetch the file again")
        }
        self.init(format, rows, columns, size, .mapped(file, offset: offset))
    }

    /// A copy of the weights in memory.
    ///
    /// Throws `invalidShape` as the other constructor does, also for too many bytes; `outOfMemory`.
    package init(
        format: TensorFormat, rows: Int, columns: Int, bytes: [UInt8]
    ) throws(TensorError) {
        let size = try Self.size(format, rows, columns)
        guard bytes.count == size else {
            throw TensorError(
                .invalidShape,
                "\(rows) x \(columns) weights of \(format) take \(size) bytes, not \(bytes.count):"
                    + " check the shape")
        }
        self.init(format, rows, columns, size, .owned(try OwnedBytes(bytes), offset: 0))
    }

    init(
        _ format: TensorFormat, _ rows: Int, _ columns: Int, _ size: Int, _ storage: Storage
    ) {
        self.format = format
        self.rows = rows
        self.columns = columns
        rowBytes = rows == 0 ? 0 : size / rows
        self.storage = storage
    }

    /// Some of the rows as a matrix of their own, where they are; without panels.
    package func rows(_ range: Range<Int>) -> WeightMatrix {
        precondition(range.lowerBound >= 0 && range.upperBound <= rows, "rows beyond the matrix")
        let start = range.lowerBound * rowBytes
        let part: Storage =
            switch storage {
            case .mapped(let file, let offset): .mapped(file, offset: offset + start)
            case .owned(let bytes, let offset): .owned(bytes, offset: offset + start)
            case .rounded(let source): .rounded(source.rows(range))
            }
        return WeightMatrix(format, range.count, columns, range.count * rowBytes, part)
    }

    /// The bytes of all rows together.
    package var byteCount: Int { rows * rowBytes }

    /// The weights of a row as floats; `into` has `columns` elements. O(columns).
    package func dequantize(row: Int, into out: inout MutableSpan<Float>) {
        dequantize(row: row, into: &out, table: KernelTable.active)
    }

    func dequantize(row: Int, into out: inout MutableSpan<Float>, table: KernelTable) {
        precondition(row >= 0 && row < rows && out.count == columns)
        guard columns > 0 else { return }
        unsafe out.withUnsafeMutableBufferPointer { out in
            guard let kernels = unsafe qk_format_of(table.c, format.rawValue),
                let start = out.baseAddress
            else { preconditionFailure("\(format) has no kernels") }
            unsafe withRows(row..<row + 1) { weights in
                unsafe kernels.pointee.dequantize?(weights, start, columns)
            }
        }
    }

    /// Calls `body` with the address of row 0, which is valid in the call. Not for matrices that
    /// are rounded on demand.
    @unsafe
    func withAddress(_ body: (UnsafePointer<UInt8>) -> Void) {
        switch storage {
        case .mapped(let file, let offset):
            unsafe body(file.pointer(at: offset).assumingMemoryBound(to: UInt8.self))
            withExtendedLifetime(file) {}
        case .owned(let bytes, let offset):
            unsafe body(bytes.start + offset)
            withExtendedLifetime(bytes) {}
        case .rounded: preconditionFailure("weights that are nowhere: see made(by:)")
        }
    }

    /// Tells the system that some rows, if they are a file's, are not read for a while.
    package func releasePages(rows: Range<Int>) {
        switch storage {
        case .mapped(let file, let offset):
            let start = offset + rows.lowerBound * rowBytes
            file.advise(.dontNeed, start..<offset + rows.upperBound * rowBytes)
        case .owned: break
        case .rounded(let source): source.releasePages(rows: rows)
        }
    }

    /// Has the system begin to read some rows, if they are a file's.
    func fetchPages(rows: Range<Int>) {
        switch storage {
        case .mapped(let file, let offset):
            let end = offset + rows.upperBound * rowBytes
            // In pieces: of a longer range the system reads but the beginning.
            for start in stride(
                from: offset + rows.lowerBound * rowBytes, to: end, by: TensorLimits.fetchedBytes
            ) {
                file.advise(.willNeed, start..<min(start + TensorLimits.fetchedBytes, end))
            }
        case .owned: break
        case .rounded(let source): source.fetchPages(rows: rows)
        }
    }

    /// The bytes of all rows, or an error for a shape that cannot be.
    static func size(
        _ format: TensorFormat, _ rows: Int, _ columns: Int
    ) throws(TensorError) -> Int {
        guard format.isSupported else {
            throw TensorError(
                .invalidShape,
                "\(format) weights are not supported: use one of "
                    + TensorFormat.supported.map(\.name).joined(separator: ", "))
        }
        guard rows >= 0, let rowBytes = format.rowBytes(columns: columns) else {
            throw TensorError(
                .invalidShape,
                "\(rows) x \(columns) is no shape for \(format): a row must be a whole number of"
                    + " blocks of \(format.blockSize)")
        }
        let (size, overflow) = rows.multipliedReportingOverflow(by: rowBytes)
        guard !overflow else {
            throw TensorError(.tooLarge, "\(rows) x \(columns) weights of \(format) are too many")
        }
        return size
    }
}
