internal import CKernels

/// Measures what a level's instructions do from registers: the bound on prefill.
package enum ArithmeticProbe {
    /// What is computed.
    package enum Operation: String, CaseIterable, Sendable {
        /// Products of bytes, added up in 32 bits.
        case int8
        /// Fused products and sums of floats.
        case float32
    }

    /// 10^9 operations a second of all `threads` together, pass by pass; a product and its sum are
    /// two. Nil when this machine cannot run the level.
    package static func rates(
        _ operation: Operation, level: ISALevel, threads: Int,
        milliseconds: Int = TensorLimits.arithmeticMilliseconds
    ) -> Samples? {
        guard let table = KernelTable(level) else { return nil }
        let probes = unsafe table.c.pointee.probes
        let pool = WorkerPool(threads: threads)
        let perRound =
            switch operation {
            case .int8: probes.dot_operations
            case .float32: probes.fma_operations
            }
        // Some hundreds of microseconds a task, a few tasks a thread.
        let rounds = max(1, TensorLimits.arithmeticOperations / Int(perRound))
        let tasks = 4 * pool.threads
        let seconds = Samples.seconds(passes: 3, atLeast: Double(milliseconds) / 1000) {
            pool.run(tasks: tasks) { _, _ in
                switch operation {
                case .int8: _ = probes.dot(rounds)
                case .float32: _ = probes.fma(rounds)
                }
            }
        }
        let work = Double(tasks * rounds * Int(perRound))
        return Samples(seconds.values.map { work / $0 / 1e9 })
    }
}
