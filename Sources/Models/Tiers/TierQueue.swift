import KVCache
import QuireThreads
import Synchronization

/// What a step's thread and the file tier's thread tell each other.
///
/// Reads go before writes: a request waits for them. Writes that the disk cannot keep up with are
/// dropped and counted, since each holds a page that others need. After a failed write there are
/// no more: a full disk does not become emptier by being asked again.
final class TierQueue: Sendable {
    fileprivate struct State {
        var reads: [TierOperation] = []
        var writes: [TierOperation] = []
        var completions: [TierCompletion] = []
        /// Operations that have no completion yet.
        var underWay = 0
        var dropped = 0
        var warnings: [String] = []
        var canWrite = true
        var isStopping = false
    }

    private let state = Mutex(State())
    private let work = ParkingSignal()
    private let done = ParkingSignal()

    /// Adds operations. Writes beyond `ModelLimits.queuedTierWrites` fail at once; a save is never
    /// dropped.
    func put(_ operations: [TierOperation]) {
        guard !operations.isEmpty else { return }
        state.withLock { state in
            for operation in operations {
                switch operation.kind {
                case .read:
                    state.reads.append(operation)
                case .write where state.writes.count >= ModelLimits.queuedTierWrites:
                    state.dropped += 1
                    state.completions.append(TierCompletion(operation, succeeded: false))
                    continue
                case .write, .save:
                    state.writes.append(operation)
                }
                state.underWay += 1
            }
        }
        work.raise()
    }

    /// The operations that have ended since the last call.
    ///
    /// - Parameter waiting: whether to wait for one if none has ended and any is under way.
    func takeCompletions(waiting: Bool) -> [TierCompletion] {
        while true {
            let (completions, isOver) = state.withLock { state in
                defer { state.completions = [] }
                return (state.completions, state.underWay == 0)
            }
            if !completions.isEmpty || isOver || !waiting { return completions }
            done.wait()
        }
    }

    /// Writes that were dropped because too many waited.
    var dropped: Int { state.withLock { $0.dropped } }

    /// What went wrong since the last call, in words for a person.
    func takeWarnings() -> [String] {
        state.withLock { state in
            defer { state.warnings = [] }
            return state.warnings
        }
    }

    /// Lets `serve` end after what is queued.
    func stop() {
        state.withLock { $0.isStopping = true }
        work.raise()
    }

    /// The life of the thread: does one operation after the other.
    ///
    /// - Parameter perform: does an operation; throws the reason when the device fails.
    func serve(_ perform: (TierOperation) throws -> Bool) {
        while true {
            let operation: TierOperation
            switch state.withLock({ $0.next() }) {
            case .perform(let next):
                operation = next
            case .refuse(let next):
                end(next, succeeded: false)
                continue
            case .sleep:
                work.wait()
                continue
            case .stop:
                return
            }
            do {
                end(operation, succeeded: try perform(operation))
            } catch {
                state.withLock { $0.fail(operation, "\(error)") }
                end(operation, succeeded: false)
            }
        }
    }

    private func end(_ operation: TierOperation, succeeded: Bool) {
        state.withLock { state in
            state.underWay -= 1
            state.completions.append(TierCompletion(operation, succeeded: succeeded))
        }
        done.raise()
    }
}

extension TierQueue.State {
    fileprivate enum Next {
        case perform(TierOperation)
        case refuse(TierOperation)
        case sleep
        case stop
    }

    fileprivate mutating func next() -> Next {
        if !reads.isEmpty { return .perform(reads.removeFirst()) }
        guard !writes.isEmpty else { return isStopping ? .stop : .sleep }
        let write = writes.removeFirst()
        return canWrite ? .perform(write) : .refuse(write)
    }

    /// Says each kind of trouble once.
    fileprivate mutating func fail(_ operation: TierOperation, _ reason: String) {
        if case .read = operation.kind { return }
        guard canWrite else { return }
        canWrite = false
        warnings.append(
            "the prefix cache file takes no more blocks: \(reason); what it has is still used")
    }
}
