import Conversation
import Synchronization

/// The exchanges whose answers have not ended.
final class LiveExchanges: Sendable {
    private struct State {
        var nextNumber = 0
        var exchanges: [Int: Entry] = [:]
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private struct Entry {
        let name: String
        let cut: @Sendable (RequestError) -> Void
    }

    private let state = Mutex(State())

    /// How many there are.
    var count: Int { state.withLock { $0.exchanges.count } }

    /// An exchange begins.
    ///
    /// - Parameter cut: has it end for a reason.
    /// - Returns: what ends it here when it is dropped.
    func begin(_ name: String, cut: @escaping @Sendable (RequestError) -> Void) -> Place {
        let number = state.withLock { state in
            defer { state.nextNumber += 1 }
            state.exchanges[state.nextNumber] = Entry(name: name, cut: cut)
            return state.nextNumber
        }
        return Place(live: self, number: number)
    }

    /// Has all of them end.
    func cutAll(_ error: RequestError) {
        for entry in state.withLock({ $0.exchanges.values }) { entry.cut(error) }
    }

    /// Waits until there is none.
    func awaitNone() async {
        await withCheckedContinuation { waiter in
            let isDue = state.withLock { state in
                guard !state.exchanges.isEmpty else { return true }
                state.waiters.append(waiter)
                return false
            }
            if isDue { waiter.resume() }
        }
    }

    private func end(_ number: Int) {
        var waiters: [CheckedContinuation<Void, Never>] = []
        let entry = state.withLock { state in
            let entry = state.exchanges.removeValue(forKey: number)
            if state.exchanges.isEmpty { swap(&waiters, &state.waiters) }
            return entry
        }
        // What it holds is let go of here, outside of the lock.
        _ = entry
        for waiter in waiters { waiter.resume() }
    }

    /// An exchange's place among the others.
    final class Place: Sendable {
        private let live: LiveExchanges
        private let number: Int

        fileprivate init(live: LiveExchanges, number: Int) {
            self.live = live
            self.number = number
        }

        deinit { live.end(number) }
    }
}
