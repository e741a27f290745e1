import Conversation
import QuireIdentifiers
import Synchronization

/// What is known of an exchange whose answer has not ended.
struct LiveExchange: Sendable {
    /// The answer's name.
    let name: String
    /// Where it was asked for.
    let route: String
    /// The name that the client gave its request, or one made up.
    let requestID: String
    let isStreamed: Bool
    /// Seconds since 1970 when it began.
    let created: Int
    /// The engine's requests, one for each prompt.
    let requests: [RequestID]
}

/// The exchanges whose answers have not ended.
final class LiveExchanges: Sendable {
    private struct State {
        var nextNumber = 0
        var exchanges: [Int: Entry] = [:]
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private struct Entry {
        let exchange: LiveExchange
        let cut: @Sendable (RequestError) -> Void
    }

    private let state = Mutex(State())

    /// How many there are.
    var count: Int { state.withLock { $0.exchanges.count } }

    /// An exchange begins.
    ///
    /// - Parameter cut: has it end for a reason.
    /// - Returns: what ends it here when it is dropped.
    func begin(
        _ exchange: LiveExchange, cut: @escaping @Sendable (RequestError) -> Void
    ) -> Place {
        let number = state.withLock { state in
            defer { state.nextNumber += 1 }
            state.exchanges[state.nextNumber] = Entry(exchange: exchange, cut: cut)
            return state.nextNumber
        }
        return Place(live: self, number: number)
    }

    /// The oldest, and how many there are.
    func oldest(_ count: Int) -> (exchanges: [LiveExchange], total: Int) {
        state.withLock { state in
            let numbers = state.exchanges.keys.sorted().prefix(count)
            return (numbers.compactMap { state.exchanges[$0]?.exchange }, state.exchanges.count)
        }
    }

    /// An exchange by its name, or by the one that the client gave its request.
    func find(_ name: String) -> LiveExchange? { entry(name)?.exchange }

    /// Has one of them end; false when there is none of that name.
    func cut(_ name: String, _ error: RequestError) -> Bool {
        guard let entry = entry(name) else { return false }
        entry.cut(error)
        return true
    }

    private func entry(_ name: String) -> Entry? {
        state.withLock { state in
            state.exchanges.values.first { $0.exchange.name == name }
                // Clients may give several requests the same: then it names none.
                ?? {
                    let named = state.exchanges.values.filter { $0.exchange.requestID == name }
                    return named.count == 1 ? named[0] : nil
                }()
        }
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
