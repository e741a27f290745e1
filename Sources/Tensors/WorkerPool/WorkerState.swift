internal import CKernels
internal import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What the threads of a pool share.
///
/// A job's tasks are cut into one run for each thread, so that a thread walks through memory in one
/// direction and, job after job, over the same part of it. A thread that is done with its own share
/// helps with the others'. `WorkerSlot` says which thread may read what.
@safe
final class WorkerState: @unchecked Sendable {
    // Sendable: the slots' plain fields as `WorkerSlot` says; `threads` belongs to the pool's
    // init and deinit.

    /// Slot 0 is the caller's.
    private let slots: UnsafeMutablePointer<WorkerSlot>
    private let slotCount: Int
    /// The job's tasks that are done.
    private let finished: UnsafeMutablePointer<PaddedCounter>
    /// Whether there is a job: 0 or 1.
    private let busy: UnsafeMutablePointer<PaddedCounter>
    private let wakes: UnsafeMutablePointer<pthread_cond_t>
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let stopping = Atomic<Bool>(false)
    private var threads: [pthread_t] = []

    /// The threads that were started: fewer than asked for if the system refuses more.
    var workers: Int { threads.count }

    init(workers: Int) {
        slotCount = workers + 1
        let lines = 128
        let memory = UnsafeMutableRawPointer.allocate(
            byteCount: (slotCount + 2) * lines, alignment: lines)
        precondition(
            MemoryLayout<WorkerSlot>.stride == lines && MemoryLayout<PaddedCounter>.stride == lines)
        unsafe slots = memory.bindMemory(to: WorkerSlot.self, capacity: slotCount)
        for index in 0..<slotCount { unsafe (slots + index).initialize(to: WorkerSlot()) }
        unsafe finished = (memory + slotCount * lines)
            .bindMemory(to: PaddedCounter.self, capacity: 2)
        unsafe busy = finished + 1
        unsafe finished.initialize(to: PaddedCounter())
        unsafe busy.initialize(to: PaddedCounter())
        unsafe mutex = .allocate(capacity: 1)
        unsafe wakes = .allocate(capacity: slotCount)
        unsafe pthread_mutex_init(mutex, nil)
        for index in 0..<slotCount { unsafe pthread_cond_init(wakes + index, nil) }
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
        for index in 0..<slotCount { unsafe pthread_cond_destroy(wakes + index) }
        unsafe pthread_mutex_destroy(mutex)
        unsafe wakes.deallocate()
        unsafe mutex.deallocate()
        unsafe finished.deinitialize(count: 2)
        unsafe slots.deinitialize(count: slotCount)
        unsafe UnsafeMutableRawPointer(slots).deallocate()
    }

    /// Ends and joins the threads.
    func stop() {
        unsafe pthread_mutex_lock(mutex)
        stopping.store(true, ordering: .sequentiallyConsistent)
        for index in 0..<slotCount { unsafe pthread_cond_signal(wakes + index) }
        unsafe pthread_mutex_unlock(mutex)
        for thread in threads { pthread_join(thread, nil) }
    }

    func begin() {
        let wasBusy = unsafe busy.pointee.value.exchange(1, ordering: .acquiring)
        precondition(wasBusy == 0, "WorkerPool.run within run, or from two threads at once")
    }

    func end() {
        unsafe busy.pointee.value.store(0, ordering: .releasing)
    }

    func run<Work: PoolWork>(tasks: Int, _ work: Work) {
        let shares = min(tasks, workers + 1)
        unsafe withUnsafePointer(to: work) { pointer in
            unsafe finished.pointee.value.store(0, ordering: .relaxed)
            for index in 0..<shares {
                let start = tasks * index / shares
                let end = tasks * (index + 1) / shares
                unsafe slots[index].work = UnsafeRawPointer(pointer)
                unsafe slots[index].kind = Work.self
                unsafe slots[index].end = end
                unsafe slots[index].remaining.store(end - start, ordering: .releasing)
            }
            // Either this thread sees the sleeper, or the sleeper sees the tasks.
            atomicMemoryFence(ordering: .sequentiallyConsistent)
            for index in 1..<shares
            where unsafe slots[index].isAsleep.load(ordering: .relaxed) { wake(index) }
            help(as: 0)
            awaitOthers(tasks)
        }
    }

    private func wake(_ worker: Int) {
        unsafe pthread_mutex_lock(mutex)
        unsafe pthread_cond_signal(wakes + worker)
        unsafe pthread_mutex_unlock(mutex)
    }

    /// Takes and runs tasks, a thread's own first, until none is left.
    private func help(as worker: Int) {
        var done = 0
        for step in 0..<slotCount {
            let owner = worker + step < slotCount ? worker + step : worker + step - slotCount
            let slot = unsafe slots + owner
            while unsafe slot.pointee.remaining.load(ordering: .relaxed) > 0 {
                let left = unsafe slot.pointee.remaining
                    .subtract(1, ordering: .acquiring).oldValue
                guard left > 0 else { break }
                unsafe slot.pointee.kind.run(
                    at: slot.pointee.work.unsafelyUnwrapped, task: slot.pointee.end - left,
                    worker: worker)
                done += 1
            }
        }
        if done > 0 { unsafe finished.pointee.value.add(done, ordering: .releasing) }
    }

    private func awaitOthers(_ tasks: Int) {
        var spins = 0
        while unsafe finished.pointee.value.load(ordering: .acquiring) < tasks {
            spins += 1
            if spins < TensorLimits.spins { qk_pause() } else { sched_yield() }
        }
    }

    /// The life of a worker: spin, work, sleep.
    fileprivate func serve(as worker: Int) {
        let slot = unsafe slots + worker
        while true {
            var spins = 0
            while unsafe slot.pointee.remaining.load(ordering: .relaxed) <= 0,
                spins < TensorLimits.spins
            {
                spins += 1
                qk_pause()
            }
            if spins == TensorLimits.spins {
                sleep(worker)
                if stopping.load(ordering: .relaxed) { return }
            }
            help(as: worker)
        }
    }

    /// Sleeps until there is a share.
    private func sleep(_ worker: Int) {
        let slot = unsafe slots + worker
        unsafe pthread_mutex_lock(mutex)
        unsafe slot.pointee.isAsleep.store(true, ordering: .relaxed)
        atomicMemoryFence(ordering: .sequentiallyConsistent)
        while unsafe slot.pointee.remaining.load(ordering: .relaxed) <= 0
            && !stopping.load(ordering: .sequentiallyConsistent)
        {
            unsafe pthread_cond_wait(wakes + worker, mutex)
        }
        unsafe slot.pointee.isAsleep.store(false, ordering: .relaxed)
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
