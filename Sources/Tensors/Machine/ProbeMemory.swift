internal import CKernels

/// Memory that probes read: far larger than caches, every page of it different.
///
/// Pages that are alike (never written, or filled with one value) may be one page of real memory:
/// the system's, or the host's of a virtual machine. They would be read from a cache.
package final class ProbeMemory: Sendable {
    /// The bytes.
    package let count: Int

    /// The share that lies in huge pages; nil where the system does not say.
    package let hugeShare: Double?

    private let buffer: AlignedBuffer

    /// Writes `bytes`, rounded to whole huge pages, by all threads of a pool. Throws `outOfMemory`.
    ///
    /// With `hugePages` the system may use them (`hugeShare` says whether it did), without it must
    /// not.
    package init(
        bytes: Int, hugePages: Bool, pool: WorkerPool
    ) throws(TensorError) {
        let page = AlignedBuffer.hugePageBytes
        count = max(1, bytes / page) * page
        let before = Self.hugeBytes()
        buffer = try AlignedBuffer(count: count, hugePages: hugePages)
        let start = unsafe buffer.start.unsafelyUnwrapped
        pool.run(tasks: count / page) { task, _ in
            unsafe qk_probe_fill(start + task * page, page, UInt64(task))
        }
        let after = Self.hugeBytes()
        if let before, let after {
            hugeShare = min(1, Double(max(0, after - before)) / Double(count))
        } else {
            hugeShare = nil
        }
    }

    /// Reads everything once, in parts that the threads share.
    func read(pool: WorkerPool, table: KernelTable) {
        let part = 4 * AlignedBuffer.hugePageBytes
        let parts = (count + part - 1) / part
        pool.run(tasks: parts) { task, _ in
            let bytes = min(part, count - task * part)
            _ = unsafe table.c.pointee.probes.read(
                buffer.start.unsafelyUnwrapped + task * part, bytes)
        }
    }

    /// Bytes of this process that lie in huge pages.
    private static func hugeBytes() -> Int? {
        SmallFile.read("/proc/self/smaps_rollup")
            .flatMap { MachineInfo.field("AnonHugePages", of: $0) }
            .flatMap { Int($0.prefix(while: \.isNumber)) }
            .map { $0 * 1024 }
    }
}
