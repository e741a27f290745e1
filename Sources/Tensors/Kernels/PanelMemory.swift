/// Memory that holds the panels of a model's matrices, one after another: its own, which they are
/// packed to, or a part of a file that has them already.
@safe
package final class PanelMemory: @unchecked Sendable {
    // Sendable: every matrix is packed once, to bytes of its own, before anyone multiplies by it.

    private enum Storage: ~Copyable {
        case owned(AlignedBuffer)
        case mapped(MappedFile)
    }

    private let storage: Storage
    private let start: UnsafeMutableRawPointer

    /// The number of bytes.
    package let count: Int

    /// Whether panels may be packed to it.
    let isWritable: Bool

    /// Reserves memory; its pages cost nothing until something is packed to them. Throws
    /// `outOfMemory`.
    package init(count: Int) throws(TensorError) {
        let buffer = try AlignedBuffer(count: max(count, 64))
        unsafe start = buffer.start.unsafelyUnwrapped
        storage = .owned(buffer)
        self.count = count
        isWritable = true
    }

    /// Panels that lie in a file from a multiple of 64 on; nothing can be packed to them.
    ///
    /// Throws `invalidShape` if the file ends before the panels do.
    package init(file: MappedFile, offset: Int, count: Int) throws(TensorError) {
        let (end, overflow) = offset.addingReportingOverflow(count)
        guard offset >= 0, offset % 64 == 0, count >= 0, !overflow, end <= file.count else {
            throw TensorError(
                .invalidShape,
                "\(file.path) has no \(count) bytes of panels at byte \(offset): remove it")
        }
        unsafe start = UnsafeMutableRawPointer(mutating: file.pointer(at: offset))
        storage = .mapped(file)
        self.count = count
        isWritable = false
    }

    /// The address of a byte, for kernels; the memory must outlive its use.
    func address(_ offset: Int) -> UnsafeMutablePointer<UInt8> {
        precondition(offset >= 0 && offset <= count && offset % 64 == 0)
        return unsafe (start + offset).assumingMemoryBound(to: UInt8.self)
    }
}

extension PanelMemory {
    /// A copy of some bytes, to be written to a file. O(n).
    package func copy(_ range: Range<Int>) -> [UInt8] {
        precondition(range.lowerBound >= 0 && range.upperBound <= count)
        return unsafe Array(
            UnsafeRawBufferPointer(start: start + range.lowerBound, count: range.count))
    }

    /// The checksum of all bytes, by all threads of a pool: that of the checksums of runs of
    /// 1 MiB, so that it does not depend on their number. O(n).
    package func checksum(by pool: WorkerPool) -> UInt64 {
        let run = TensorLimits.checksumRunBytes
        let runs = (count + run - 1) / run
        var sums = [UInt64](repeating: 0, count: runs)
        unsafe sums.withUnsafeMutableBufferPointer { sums in
            pool.run(tasks: runs) { index, _ in
                let bytes = unsafe RawSpan(
                    _unsafeStart: UnsafeRawPointer(start + index * run),
                    byteCount: min(run, count - index * run))
                unsafe sums[index] = Checksum64.of(bytes)
            }
        }
        return unsafe Checksum64.of(sums.span.bytes, seed: UInt64(count))
    }
}
