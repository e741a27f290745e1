import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The signals that ask the process to end: Ctrl-C, SIGTERM, and the SIGHUP of a closed terminal.
///
/// While they are caught, the first one is only noted, so that the work under way can end in good
/// order; a second one ends the process as the system would have. Both happen in a signal handler:
/// a queue or a thread of a pool may get no time on a core that computes.
enum StopSignals {
    /// The first signal that came since `catchAll`; 0 before.
    static var received: Int32 { noted.load(ordering: .relaxed) }

    /// Catches the signals and forgets those of before.
    static func catchAll() {
        noted.store(0, ordering: .relaxed)
        for number in caught { signal(number, noteStop) }
    }

    /// Leaves the signals to the system again.
    static func release() {
        for number in caught { signal(number, SIG_DFL) }
    }

    /// For the start of the process. Leaves SIGQUIT to the system, which ends the process (the
    /// language's runtime would print a backtrace and go on), and looks which signals are ignored,
    /// before any other code installs a handler.
    static func prepare() {
        signal(SIGQUIT, SIG_DFL)
        _ = caught
    }

    /// Without SIGHUP where it was ignored at the start: `nohup` asks for that.
    private static let caught: [Int32] = {
        // Nothing is a handler's default action.
        let hangUpIsIgnored = signal(SIGHUP, SIG_IGN) != nil
        if !hangUpIsIgnored { signal(SIGHUP, SIG_DFL) }
        return hangUpIsIgnored ? [SIGINT, SIGTERM] : [SIGINT, SIGTERM, SIGHUP]
    }()

    fileprivate static let noted = Atomic<Int32>(0)
}

/// The handler. Only what is allowed in one: an atomic exchange, `signal` and `kill`.
private func noteStop(_ number: Int32) {
    guard StopSignals.noted.exchange(number, ordering: .relaxed) != 0 else { return }
    signal(number, SIG_DFL)
    // To the process and not to this thread, which may block it.
    kill(getpid(), number)
}
