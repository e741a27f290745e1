/// Room for a row of each thread of a pool, on its way from one operation to the next.
@safe
final class RowScratch: @unchecked Sendable {
    // Sendable: no two tasks with the same worker number run at once.

    /// The floats of the widest row that there is room for.
    static let floats = TensorLimits.scratchRowFloats

    private let memory: UnsafeMutableRawPointer
    private let threads: Int

    /// Memory that the system gives when it is first written.
    init(threads: Int) {
        self.threads = threads
        unsafe memory = .allocate(
            byteCount: threads * Self.floats * MemoryLayout<Float>.stride, alignment: 64)
    }

    deinit {
        unsafe memory.deallocate()
    }

    /// The row of each thread.
    var rows: FloatRows {
        unsafe FloatRows(
            start: memory.assumingMemoryBound(to: Float.self), rows: threads,
            columns: Self.floats, stride: Self.floats)
    }
}
