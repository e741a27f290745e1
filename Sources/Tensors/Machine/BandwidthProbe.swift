internal import CKernels

/// Measures how fast threads read memory: the bound on decoding, which reads all weights for
/// every token.
public enum BandwidthProbe {
    /// The gigabytes (10^9) per second that `threads` threads read, best of several passes over
    /// memory larger than common caches. At most about a second. Throws `outOfMemory`.
    public static func read(threads: Int) throws(TensorError) -> Double {
        let available = MachineInfo.current().availableMemory
        let wanted = max(available / 4, 32 << 20)
        let bytes = min(TensorLimits.probeBytes, wanted)
        let rows = 64
        let memory = try FloatMatrix(rows: rows, columns: bytes / rows / 4)
        let pool = WorkerPool(threads: threads)
        let table = KernelTable.active
        let floatsPerPage = 1024
        // Untouched pages would all be one page of zeros.
        pool.run(tasks: rows) { row, _ in
            memory.withMutableRow(row) { floats in
                for i in stride(from: 0, to: floats.count, by: floatsPerPage) { floats[i] = 1 }
            }
        }
        var best = 0.0
        let clock = ContinuousClock()
        let end = clock.now + .milliseconds(TensorLimits.probeMilliseconds)
        repeat {
            let time = clock.measure {
                pool.run(tasks: rows) { row, _ in
                    _ = unsafe table.c.pointee.max(memory.pointer(row), memory.columns)
                }
            }
            best = max(best, Double(rows * memory.columns * 4) / (time / .seconds(1)) / 1e9)
        } while clock.now < end
        return best
    }
}
