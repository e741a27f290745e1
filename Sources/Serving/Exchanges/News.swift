import Conversation
import Synchronization

/// Where all that can happen to an exchange comes together for the one task that writes its answer:
/// streams with something to take, the passing of time, and its end by somebody else.
///
/// What happens is noted, not queued: at most one note for each stream.
final class News: Sendable {
    /// What has happened since the last look.
    struct Notes: Sendable {
        /// The streams that have something to take, in the order in which they had it.
        var streams: [Int] = []
        /// Time has passed.
        var isTick = false
        /// The client is gone: nobody is to be told anything.
        var isGone = false
        /// It ends, for this reason.
        var cut: RequestError?

        fileprivate var isEmpty: Bool { streams.isEmpty && !isTick && !isGone && cut == nil }
    }

    private struct State {
        var notes = Notes()
        var isNoted: [Bool]
        var reader: CheckedContinuation<Void, Never>?

        mutating func wake() -> CheckedContinuation<Void, Never>? {
            defer { reader = nil }
            return reader
        }
    }

    private let state: Mutex<State>

    /// No news of so many streams.
    init(streams: Int) {
        state = Mutex(State(isNoted: Array(repeating: false, count: streams)))
    }

    /// A stream has something to take.
    func note(stream: Int) {
        note { state in
            guard !state.isNoted[stream] else { return }
            state.isNoted[stream] = true
            state.notes.streams.append(stream)
        }
    }

    /// Time has passed.
    func tick() { note { $0.notes.isTick = true } }

    /// The client is gone.
    func leave() { note { $0.notes.isGone = true } }

    /// It ends for a reason; the first one counts.
    func cut(_ error: RequestError) { note { $0.notes.cut = $0.notes.cut ?? error } }

    private func note(_ change: (inout State) -> Void) {
        let reader = state.withLock { state in
            change(&state)
            return state.wake()
        }
        // Never under the lock: the reader may run at once and take it.
        reader?.resume()
    }

    /// Waits until something has happened. One task at a time; its cancellation counts as the
    /// client's departure.
    func next() async -> Notes {
        while true {
            let notes = state.withLock { state in
                let notes = state.notes
                for stream in notes.streams { state.isNoted[stream] = false }
                state.notes = Notes()
                // Whoever is gone or cut stays so.
                state.notes.isGone = notes.isGone
                state.notes.cut = notes.cut
                return notes
            }
            if !notes.isEmpty { return notes }
            await withTaskCancellationHandler {
                await sleep()
            } onCancel: {
                leave()
            }
        }
    }

    private func sleep() async {
        await withCheckedContinuation { continuation in
            let isDue = state.withLock { state in
                precondition(state.reader == nil, "news are read by one task at a time")
                guard state.notes.isEmpty else { return true }
                state.reader = continuation
                return false
            }
            if isDue { continuation.resume() }
        }
    }
}
