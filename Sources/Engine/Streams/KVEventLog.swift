public import KVCache
import Synchronization

/// The last changes of what the prefix cache has, numbered, for any number of readers.
///
/// Bounded: the engine never waits for a reader. One that falls behind by more than the log keeps
/// loses the oldest events, and sees how many.
package final class KVEventLog: Sendable {
    private struct State {
        var events: [KVEvent] = []
        /// The number of `events[0]`.
        var first: UInt64 = 0
        var isFinished = false
        var waiters: [UInt64: CheckedContinuation<Void, Never>] = [:]
        var nextWaiter: UInt64 = 0

        /// The events from number `position` on; nil when there are none.
        func batch(from position: UInt64) -> KVEventBatch? {
            let from = max(position, first)
            let events = events.dropFirst(Int(from - first))
            guard !events.isEmpty else { return nil }
            return KVEventBatch(first: from, lost: from - position, events: Array(events))
        }
    }

    private let state = Mutex(State())
    private let capacity: Int

    /// An empty log that keeps at least `capacity` events.
    package init(capacity: Int = EngineLimits.keptCacheEvents) {
        precondition(capacity >= 1, "a log has room for an event")
        self.capacity = capacity
    }

    /// Adds events and wakes the readers.
    ///
    /// - Complexity: O(events), amortized.
    package func append(_ events: [KVEvent]) {
        guard !events.isEmpty else { return }
        wake { state in
            state.events += events
            // Twice the capacity, so that an event is moved once on average.
            let surplus = state.events.count - capacity
            guard surplus > capacity else { return }
            state.events.removeFirst(surplus)
            state.first += UInt64(surplus)
        }
    }

    /// There will be no more.
    package func finish() {
        wake { $0.isFinished = true }
    }

    private func wake(_ change: (inout State) -> Void) {
        let waiters = state.withLock { state in
            change(&state)
            defer { state.waiters = [:] }
            return state.waiters
        }
        for waiter in waiters.values { waiter.resume() }
    }

    /// The number of the next event.
    package var end: UInt64 { state.withLock { $0.first + UInt64($0.events.count) } }

    /// The events from number `position` on, without waiting; nil when there are none.
    package func take(from position: UInt64) -> KVEventBatch? {
        state.withLock { $0.batch(from: position) }
    }

    /// Waits for events from number `position` on; nil at the end, or when the task is cancelled.
    package func read(from position: UInt64) async -> KVEventBatch? {
        while !Task.isCancelled {
            let (batch, isFinished) = state.withLock { ($0.batch(from: position), $0.isFinished) }
            if let batch { return batch }
            if isFinished { return nil }
            await sleep(until: position)
        }
        return nil
    }

    private func sleep(until position: UInt64) async {
        let name = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in
                let isReady = state.withLock { state in
                    let end = state.first + UInt64(state.events.count)
                    if Task.isCancelled || state.isFinished || end > position { return true }
                    state.waiters[name] = waiter
                    return false
                }
                if isReady { waiter.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: name) }?.resume()
        }
    }
}

/// Changes of what the prefix cache has, one after another.
public struct KVEventBatch: Hashable, Sendable {
    /// The number of the first event, counted since the engine was made.
    public var first: UInt64

    /// Events before it that this reader will never see, because it was too slow.
    public var lost: UInt64

    /// The events.
    public var events: [KVEvent]
}

/// The changes of what an engine's prefix cache has, from the moment of asking.
///
/// Empty unless `CacheConfiguration.recordsEvents`. A reader that was too slow finds `lost` events
/// in its next batch and should ask what is cached again.
public struct KVEventStream: AsyncSequence, Sendable {
    /// Some events.
    public typealias Element = KVEventBatch

    /// It does not fail.
    public typealias Failure = Never

    private let log: KVEventLog
    private let start: UInt64

    package init(_ log: KVEventLog) {
        self.log = log
        start = log.end
    }

    /// A reader; each sees all events.
    public func makeAsyncIterator() -> Iterator { Iterator(log: log, position: start) }

    /// A reader of events.
    public struct Iterator: AsyncIteratorProtocol {
        private let log: KVEventLog
        private var position: UInt64

        init(log: KVEventLog, position: UInt64) {
            self.log = log
            self.position = position
        }

        /// Waits for events; nil when the engine has ended or the task is cancelled.
        public mutating func next(isolation actor: isolated (any Actor)?) async -> KVEventBatch? {
            let batch = await log.read(from: position)
            if let batch { position = batch.first + UInt64(batch.events.count) }
            return batch
        }
    }
}
