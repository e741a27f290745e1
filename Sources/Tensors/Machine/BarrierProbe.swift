internal import CKernels
internal import Synchronization

/// Measures what an operation pays to be shared between threads.
package enum BarrierProbe {
    /// Microseconds of a job in which every thread of a pool takes part and none does anything,
    /// each the mean of a thousand jobs.
    ///
    /// A task waits until the others have begun, or else one thread would do them all before
    /// another wakes up. The wait is bounded, for pools that give two tasks to one thread.
    package static func microseconds(threads: Int, milliseconds: Int) -> Samples {
        let pool = WorkerPool(threads: threads)
        let tasks = pool.threads
        let jobs = 1000
        let begun = Atomic<Int>(0)
        let seconds = Samples.seconds(passes: 3, atLeast: Double(milliseconds) / 1000) {
            begun.store(0, ordering: .relaxed)
            for job in 1...jobs {
                pool.run(tasks: tasks) { _, _ in
                    begun.add(1, ordering: .relaxed)
                    var patience = TensorLimits.spins
                    while patience > 0, begun.load(ordering: .relaxed) < job * tasks {
                        patience -= 1
                        qk_pause()
                    }
                }
            }
        }
        return Samples(seconds.values.map { $0 / Double(jobs) * 1e6 })
    }
}
