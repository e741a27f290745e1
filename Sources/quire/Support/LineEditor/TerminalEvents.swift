import Dispatch
import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What the prompt waits for: bytes of the terminal, and signals.
///
/// A thread of its own reads, one portion whenever it was asked, so that the prompt can wait for
/// either; between two prompts nothing reads.
final class TerminalEvents: Sendable {
    enum Event {
        case bytes([UInt8])
        /// The terminal is gone.
        case end
        case signal(Int32)
    }

    private struct Inbox {
        var isAsked = false
        var event: Event?
    }

    static let shared = TerminalEvents()

    private let inbox = Mutex(Inbox())
    /// A bit for each signal that came.
    private let signals = Atomic<UInt64>(0)
    private let arrival = DispatchSemaphore(value: 0)
    private let question = DispatchSemaphore(value: 0)

    private init() {
        Thread.detachNewThread { [self] in
            while true {
                question.wait()
                let bytes = Self.read()
                inbox.withLock { inbox in
                    inbox.isAsked = false
                    inbox.event = bytes.isEmpty ? .end : .bytes(bytes)
                }
                arrival.signal()
            }
        }
    }

    /// Waits for a byte and takes with it what has come by then; empty at the end of the input.
    private static func read() -> [UInt8] {
        let input = FileHandle.standardInput
        guard let first = try? input.read(upToCount: 1), !first.isEmpty else { return [] }
        // The system's library reads until it has the bytes asked for, or a read gives none.
        guard TerminalMode.setWaiting(false) else { return Array(first) }
        defer { _ = TerminalMode.setWaiting(true) }
        let more = try? input.read(upToCount: LineEditorLimits.readBytes)
        return Array(first) + Array(more ?? Data())
    }

    /// The next event, signals first; nil if there is none within the time.
    func next(within time: Duration?) -> Event? {
        let isNew = inbox.withLock { inbox in
            guard inbox.event == nil, !inbox.isAsked else { return false }
            inbox.isAsked = true
            return true
        }
        if isNew { question.signal() }
        let deadline = time.map { DispatchTime.now() + $0 / .seconds(1) } ?? .distantFuture
        while true {
            if let number = takeSignal() { return .signal(number) }
            let event = inbox.withLock { inbox in
                defer { inbox.event = nil }
                return inbox.event
            }
            if let event { return event }
            // One wake-up may stand for an event that was taken before: then it is looked again.
            if arrival.wait(timeout: deadline) == .timedOut { return nil }
        }
    }

    private func takeSignal() -> Int32? {
        let bits = signals.load(ordering: .acquiring)
        guard bits != 0 else { return nil }
        let number = bits.trailingZeroBitCount
        signals.bitwiseAnd(~(1 << UInt64(number)), ordering: .relaxed)
        return Int32(number)
    }

    /// Called by the signal handler: an atomic operation, and the post of a semaphore, which are
    /// what a handler may do.
    fileprivate func note(_ number: Int32) {
        signals.bitwiseOr(1 << UInt64(number), ordering: .releasing)
        arrival.signal()
    }
}

/// Signals that come as events instead of doing what the system does with them.
///
/// One that is ignored, or that other code handles, stays as it is.
struct SignalWatch {
    private let numbers: [Int32]

    /// Has signals come as events.
    init(_ numbers: [Int32]) {
        _ = TerminalEvents.shared
        self.numbers = numbers.filter { number in
            let before = signal(number, noteEvent)
            // Nothing is a handler's default action.
            if before != nil { signal(number, before) }
            return before == nil
        }
    }

    /// Gives the signals back.
    func end() {
        for number in numbers { signal(number, SIG_DFL) }
    }

    /// Ends the process by a signal that came as an event.
    func endProcess(by number: Int32) -> Never {
        signal(number, SIG_DFL)
        // To the process: this thread may be one of a pool, which have signals blocked.
        kill(getpid(), number)
        while true { Thread.sleep(forTimeInterval: 1) }
    }

    /// Stops the process and its group. It may go on for a while; SIGCONT comes as an event.
    func stopGroup() {
        if numbers.contains(SIGTSTP) { signal(SIGTSTP, SIG_DFL) }
        kill(0, SIGTSTP)
    }

    /// Has SIGTSTP come as an event again.
    func resume() {
        if numbers.contains(SIGTSTP) { signal(SIGTSTP, noteEvent) }
    }
}

private func noteEvent(_ number: Int32) {
    TerminalEvents.shared.note(number)
}
