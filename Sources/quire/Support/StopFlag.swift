import Dispatch
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Whether Ctrl-C was pressed while an answer was written.
///
/// The first one sets the flag, which the engine looks at before every step; a second one, before
/// the flag was cleared, ends the process as the system would have.
final class StopFlag: Sendable {
    private let raised = Atomic<Bool>(false)

    /// Whether it was pressed.
    var isRaised: Bool { raised.load(ordering: .relaxed) }

    /// Runs the work, during which Ctrl-C (and SIGTERM) raises the flag instead of ending the
    /// process.
    func watching<R>(_ work: () throws -> R) rethrows -> R {
        raised.store(false, ordering: .relaxed)
        let sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { [self] in
                if raised.exchange(true, ordering: .relaxed) {
                    signal(number, SIG_DFL)
                    raise(number)
                }
            }
            source.resume()
            return source
        }
        defer {
            for source in sources { source.cancel() }
            for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) }
        }
        return try work()
    }
}
