package import QuireEngine

/// Something that is done to the engine, or that goes wrong, before a turn.
package struct ChaosEvent: Hashable, Sendable {
    /// The turn before which it happens, from 0. Where nothing else is left to do, time passes at
    /// once until then.
    package var turn: Int
    /// What happens.
    package var action: Action

    /// An event.
    package init(turn: Int, action: Action) {
        self.turn = turn
        self.action = action
    }

    /// What happens. Requests are named by their place in the script, from 0.
    package enum Action: Hashable, Sendable {
        /// A client submits a request.
        case submit(Int)
        /// A client gives its request up, as soon as that is in a state.
        case cancel(Int, when: Moment)
        /// A client lets go of its stream, read or unread.
        case drop(Int)
        /// The engine is paused.
        case pause(PauseMode)
        /// It goes on.
        case resume
        /// All cached prefixes are forgotten.
        case reset(preempting: Bool)
        /// The prompt of a request is pinned; for so many milliseconds, or with 0 until `unpin`.
        case pin(Int, millis: Int)
        /// The oldest pin ends.
        case unpin
        /// The clock jumps ahead.
        case jump(micros: Int)
        /// The next steps fail.
        case fail(steps: Int)
        /// The next step takes longer.
        case slow(micros: Int)
        /// The next operations of the file tier fail.
        case failTier(operations: Int)
        /// The next reads of the file tier fail.
        case failReads(Int)
    }

    /// Where a request is when it is cancelled.
    package enum Moment: String, Hashable, Sendable, CaseIterable {
        /// Anywhere.
        case now
        /// It has not run.
        case queued
        /// It computes its prompt.
        case prefill
        /// Its answer is under way.
        case decode
        /// It lost its place.
        case preempted
        /// Its pages are in the host tier.
        case swapped
        /// One of its sequences waits for the others.
        case beam
        /// It came while the engine is paused.
        case held
        /// Its blocks are on their way from the file.
        case loading
    }
}

extension PauseMode {
    /// Its name in the text.
    var name: String {
        switch self {
        case .abort: "abort"
        case .wait: "wait"
        case .keep: "keep"
        }
    }

    init?(name: String) {
        let all: [PauseMode] = [.abort, .wait, .keep]
        guard let mode = all.first(where: { $0.name == name }) else { return nil }
        self = mode
    }
}
