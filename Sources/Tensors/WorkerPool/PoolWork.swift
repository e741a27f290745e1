/// The tasks of a job, as a value that says what they need.
///
/// A closure that threads share costs an allocation, which a value does not: the operations of a
/// decode step are values.
package protocol PoolWork {
    /// Runs a task; see `WorkerPool.run`.
    func run(task: Int, worker: Int)

    /// Runs a task of the value at an address. Only the pool calls this, and no other type
    /// implements it.
    @unsafe
    static func run(at address: UnsafeRawPointer, task: Int, worker: Int)
}

extension PoolWork {
    /// Runs a task of the value at an address.
    @unsafe
    package static func run(at address: UnsafeRawPointer, task: Int, worker: Int) {
        unsafe address.assumingMemoryBound(to: Self.self).pointee.run(task: task, worker: worker)
    }
}

/// A closure as work.
struct ClosureWork: PoolWork {
    let body: (Int, Int) -> Void

    func run(task: Int, worker: Int) { body(task, worker) }
}
