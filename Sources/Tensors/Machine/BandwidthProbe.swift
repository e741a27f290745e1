/// Measures how fast threads read memory: the bound on decoding, which reads all weights for
/// every token.
package enum BandwidthProbe {
    /// One way to read, and how fast it was.
    package struct Reading: Sendable {
        /// Threads that read.
        package let threads: Int
        /// Whether the system might use huge pages.
        package let hugePages: Bool
        /// The share of the memory that was in huge pages, where the system says so.
        package let hugeShare: Double?
        /// Bytes that every pass read.
        package let bytes: Int
        /// 10^9 bytes a second, pass by pass.
        package let rates: Samples
    }

    /// The gigabytes (10^9) per second that `threads` threads read, best of several passes over
    /// memory larger than common caches, in huge pages where the system has them. At most about
    /// a second. Throws `outOfMemory`.
    package static func read(threads: Int) throws(TensorError) -> Double {
        try reading(threads: threads).rates.most
    }

    /// Reads memory for a time and keeps what every pass took. Throws `outOfMemory`.
    package static func reading(
        threads: Int, hugePages: Bool = true, milliseconds: Int = TensorLimits.probeMilliseconds
    ) throws(TensorError) -> Reading {
        let pool = WorkerPool(threads: threads)
        let available = MachineInfo.current().availableMemory
        let bytes = min(TensorLimits.probeBytes, max(available / 4, 32 << 20))
        let memory = try ProbeMemory(bytes: bytes, hugePages: hugePages, pool: pool)
        let table = KernelTable.active
        let seconds = Samples.seconds(passes: 3, atLeast: Double(milliseconds) / 1000) {
            memory.read(pool: pool, table: table)
        }
        let rates = seconds.values.map { Double(memory.count) / $0 / 1e9 }
        return Reading(
            threads: pool.threads, hugePages: hugePages, hugeShare: memory.hugeShare,
            bytes: memory.count, rates: Samples(rates))
    }
}
