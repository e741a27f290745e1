internal import CKernels
internal import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What the threads of a pool share.
///
/// `remaining` is both the number of tasks not yet handed out and the signal that there are any:
/// a thread that takes it down from a positive value owns one task. A job cannot end before that
/// task is done, so its owner may read `tasks` and `body` without a lock; nobody else reads them.
@safe
final class WorkerState: @unchecked Sendable {
    // Sendable: `tasks`, `body` as above; `threads` belongs to the pool's init and deinit.

    private let remaining = Atomic<Int>(0)
    private let finished = Atomic<Int>(0)
    private let sleepers = Atomic<Int>(0)
    private let busy = Atomic<Bool>(false)
    private let stopping = Atomic<Bool>(false)
    private var tasks = 0
    private var body: UnsafePointer<(Int, Int) -> Void>?
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let wake = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var threads: [pthread_t] = []

    /// The threads that were started: fewer than asked for if the system refuses more.
    var workers: Int { threads.count }

    init(workers: Int) {
        unsafe pthread_mutex_init(mutex, nil)
        unsafe pthread_cond_init(wake, nil)
        for worker in 1..<(workers + 1) {
            let start = unsafe Unmanaged.passRetained(WorkerStart(state: self, worker: worker))
            #if canImport(Glibc)
                var thread = pthread_t()
            #else
                var thread: pthread_t!
            #endif
            let failed = unsafe pthread_create(&thread, nil, workerMain, start.toOpaque())
            guard failed == 0 else {
                unsafe start.release()
                break
            }
            threads.append(thread)
        }
    }

    deinit {
        unsafe pthread_cond_destroy(wake)
        unsafe pthread_mutex_destroy(mutex)
        unsafe wake.deallocate()
        unsafe mutex.deallocate()
    }

    /// Ends and joins the threads.
    func stop() {
        unsafe pthread_mutex_lock(mutex)
        stopping.store(true, ordering: .sequentiallyConsistent)
        unsafe pthread_cond_broadcast(wake)
        unsafe pthread_mutex_unlock(mutex)
        for thread in threads { pthread_join(thread, nil) }
    }

    func begin() {
        let wasBusy = busy.exchange(true, ordering: .acquiring)
        precondition(!wasBusy, "WorkerPool.run within run, or from two threads at once")
    }

    func end() {
        busy.store(false, ordering: .releasing)
    }

    func run(tasks: Int, _ body: (Int, Int) -> Void) {
        withoutActuallyEscaping(body) { body in
            unsafe withUnsafePointer(to: body) { pointer in
                unsafe self.body = pointer
                self.tasks = tasks
                finished.store(0, ordering: .relaxed)
                // Sequentially consistent with `sleepers`: either this thread sees the sleeper,
                // or the sleeper sees the tasks.
                remaining.store(tasks, ordering: .sequentiallyConsistent)
                if sleepers.load(ordering: .sequentiallyConsistent) > 0 {
                    unsafe pthread_mutex_lock(mutex)
                    unsafe pthread_cond_broadcast(wake)
                    unsafe pthread_mutex_unlock(mutex)
                }
                work(as: 0)
                awaitOthers(tasks)
                unsafe self.body = nil
            }
        }
    }

    /// Takes and runs tasks until none is left.
    private func work(as worker: Int) {
        var done = 0
        while true {
            let left = remaining.subtract(1, ordering: .acquiring).oldValue
            guard left > 0 else { break }
            unsafe body.unsafelyUnwrapped.pointee(tasks - left, worker)
            done += 1
        }
        if done > 0 { finished.add(done, ordering: .releasing) }
    }

    private func awaitOthers(_ tasks: Int) {
        var spins = 0
        while finished.load(ordering: .acquiring) < tasks {
            spins += 1
            if spins < TensorLimits.spins { qk_pause() } else { sched_yield() }
        }
    }

    /// The life of a worker: spin, work, sleep.
    fileprivate func serve(as worker: Int) {
        var spins = 0
        while !stopping.load(ordering: .relaxed) {
            if remaining.load(ordering: .relaxed) > 0 {
                work(as: worker)
                spins = 0
            } else if spins < TensorLimits.spins {
                spins += 1
                qk_pause()
            } else {
                sleep()
                spins = 0
            }
        }
    }

    private func sleep() {
        unsafe pthread_mutex_lock(mutex)
        sleepers.add(1, ordering: .sequentiallyConsistent)
        while remaining.load(ordering: .sequentiallyConsistent) <= 0
            && !stopping.load(ordering: .sequentiallyConsistent)
        {
            unsafe pthread_cond_wait(wake, mutex)
        }
        sleepers.subtract(1, ordering: .sequentiallyConsistent)
        unsafe pthread_mutex_unlock(mutex)
    }
}

/// What a new thread needs to know.
private final class WorkerStart: Sendable {
    let state: WorkerState
    let worker: Int

    init(state: WorkerState, worker: Int) {
        self.state = state
        self.worker = worker
    }
}

private func workerMain(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    let start = unsafe Unmanaged<WorkerStart>.fromOpaque(argument.unsafelyUnwrapped)
        .takeRetainedValue()
    start.state.serve(as: start.worker)
    return nil
}
