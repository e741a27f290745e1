internal import Synchronization

/// One thread's share of a job, on cache lines of its own.
///
/// `remaining` is both the number of the share's tasks not yet handed out and the signal that there
/// are any: the thread that takes it down from a positive value, the owner or another, owns one
/// task. The job cannot end before that task is done, so its owner may read the rest without a
/// lock; no other thread reads it. What a thread needs to begin is thus one cache line away.
@safe
struct WorkerSlot: ~Copyable {
    /// The tasks of the share that no thread has taken; negative when more threads have looked for
    /// one.
    let remaining = Atomic<Int>(0)
    /// Whether the thread is in need of being woken.
    let isAsleep = Atomic<Bool>(false)
    /// One past the last task of the share.
    var end = 0
    /// Where the work lies, and what it is.
    var work: UnsafeRawPointer?
    var kind: any PoolWork.Type = ClosureWork.self
    // Two lines of 64 bytes: processors fetch them in pairs.
    private let padding: (Int, Int, Int, Int, Int) = (0, 0, 0, 0, 0)
    private let morePadding: (Int, Int, Int, Int, Int) = (0, 0, 0, 0, 0)
}

/// A counter on cache lines of its own.
struct PaddedCounter: ~Copyable {
    let value = Atomic<Int>(0)
    private let padding: (Int, Int, Int, Int, Int, Int, Int) = (0, 0, 0, 0, 0, 0, 0)
    private let morePadding: (Int, Int, Int, Int, Int, Int, Int, Int) = (0, 0, 0, 0, 0, 0, 0, 0)
}
