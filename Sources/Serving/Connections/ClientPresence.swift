import Synchronization

/// Whether the client at the other end of a connection is still there.
///
/// The end of what it sends is its departure: a client that closes its side only (`shutdown` of
/// writing) cannot be told from one that is gone until something is written to it, and a request
/// must not be computed for nobody. Go's and nginx's servers have it the same way.
final class ClientPresence: Sendable {
    private struct State {
        var isGone = false
        var nextNumber = 0
        var actions: [Int: @Sendable () -> Void] = [:]
    }

    private let state = Mutex(State())

    /// Has something done once the client is gone; at once if it is.
    ///
    /// - Returns: what ends the wish when it is dropped.
    func whenGone(_ action: @escaping @Sendable () -> Void) -> Watch {
        let number: Int? = state.withLock { state in
            guard !state.isGone else { return nil }
            defer { state.nextNumber += 1 }
            state.actions[state.nextNumber] = action
            return state.nextNumber
        }
        if number == nil { action() }
        return Watch(presence: self, number: number)
    }

    /// Whether it is gone.
    var isGone: Bool { state.withLock { $0.isGone } }

    /// The client is gone.
    func leave() {
        let actions = state.withLock { state in
            state.isGone = true
            defer { state.actions = [:] }
            return state.actions.values
        }
        // Never under the lock: an action may ask whether the client is there.
        for action in actions { action() }
    }

    /// A wish to know of the client's departure.
    final class Watch: Sendable {
        private let presence: ClientPresence
        private let number: Int?

        fileprivate init(presence: ClientPresence, number: Int?) {
            self.presence = presence
            self.number = number
        }

        deinit {
            guard let number else { return }
            let dropped = presence.state.withLock { $0.actions.removeValue(forKey: number) }
            // What it holds is let go of here, outside of the lock.
            _ = dropped
        }
    }
}
