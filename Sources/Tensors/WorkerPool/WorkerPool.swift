/// Threads that share the tasks of one job at a time; the caller of `run` is one of them.
///
/// Each thread has one run of a job's tasks and helps with the others' when it is done with its
/// own. Between jobs the workers spin for some tens of microseconds, then sleep, so that a forward
/// pass pays well under 1 µs per operation and an idle program nothing.
///
/// Which worker runs a task is not determined: a task's result must not depend on it.
package final class WorkerPool: Sendable {
    /// The number of threads, the caller's included.
    package let threads: Int

    private let state: WorkerState

    /// Starts `threads - 1` threads. Without an argument: as many threads as this process may
    /// run at once (affinity and cgroup quota), see `MachineInfo`. If the system refuses to start
    /// that many, the pool has fewer.
    package init(threads: Int = WorkerPool.defaultThreads) {
        precondition(threads >= 1 && threads <= TensorLimits.threads)
        state = WorkerState(workers: threads - 1)
        self.threads = state.workers + 1
    }

    deinit {
        state.stop()
    }

    /// Calls `body(task, worker)` once for every task in `0..<tasks`, with `worker` in
    /// `0..<threads`; returns when all are done.
    ///
    /// No two tasks run at once with the same worker number, so it may index scratch memory.
    /// A pool runs one job at a time: calling `run` from a task, or from two threads at once,
    /// is a programming error and traps.
    package func run(tasks: Int, _ body: (_ task: Int, _ worker: Int) -> Void) {
        withoutActuallyEscaping(body) { run(tasks: tasks, ClosureWork(body: $0)) }
    }

    /// As with a closure, without an allocation.
    package func run<Work: PoolWork>(tasks: Int, _ work: Work) {
        precondition(tasks >= 0)
        state.begin()
        defer { state.end() }
        if threads == 1 || tasks <= 1 {
            for task in 0..<tasks { work.run(task: task, worker: 0) }
            return
        }
        state.run(tasks: tasks, work)
    }
}

extension WorkerPool {
    /// The threads that this process may run at once.
    package static var defaultThreads: Int { MachineInfo.current().usableCores }
}
