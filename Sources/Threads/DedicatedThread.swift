internal import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A thread of the system's that runs one closure and nothing else.
///
/// For loops that block: an executor that computes for milliseconds would take a thread of the
/// language's own pool away from all tasks of the process. A closure that never returns is fine;
/// nothing ends a thread from outside.
package final class DedicatedThread: Sendable {
    /// The system's handle until the thread is joined.
    private let handle: Mutex<pthread_t?>

    /// Starts a thread; nil when the system refuses one more.
    ///
    /// - Parameter body: what it runs, kept until it returns.
    package init?(_ body: @escaping @Sendable () -> Void) {
        #if canImport(Glibc)
            var thread = pthread_t()
        #else
            var thread: pthread_t!
        #endif
        let start = unsafe Unmanaged.passRetained(ThreadStart(body))
        guard unsafe pthread_create(&thread, nil, threadMain, start.toOpaque()) == 0 else {
            unsafe start.release()
            return nil
        }
        handle = Mutex(thread)
    }

    deinit {
        // No caller waits for it any more: the system frees what it keeps of the thread at its end.
        if let thread = take() { pthread_detach(thread) }
    }

    /// Waits until the closure has returned; at once when that was waited for before.
    ///
    /// Not to be called from the thread itself.
    package func join() {
        if let thread = take() { pthread_join(thread, nil) }
    }

    private func take() -> pthread_t? {
        handle.withLock { thread in
            defer { thread = nil }
            return thread
        }
    }
}

/// What a new thread runs.
private final class ThreadStart: Sendable {
    let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) {
        self.body = body
    }
}

private func threadMain(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    let start = unsafe Unmanaged<ThreadStart>.fromOpaque(argument.unsafelyUnwrapped)
        .takeRetainedValue()
    start.body()
    return nil
}
