import KVCache
import QuireThreads
package import Scheduling
import Synchronization

/// Lets a test say when an engine's executor may make a step.
package final class StepGate: Sendable {
    private struct State {
        var allowed = 0
        var arrived = 0
        var isOpen = false
        var waiters: [(count: Int, waiter: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())
    private let signal = ParkingSignal()

    /// A gate that is closed.
    package init() {}

    /// Allows some more steps.
    package func allow(_ steps: Int) {
        state.withLock { $0.allowed += steps }
        signal.raise()
    }

    /// Allows all steps from now on.
    package func open() {
        state.withLock { $0.isOpen = true }
        signal.raise()
    }

    /// Steps that have come to the gate.
    package var arrived: Int { state.withLock { $0.arrived } }

    /// Waits until so many steps have come to the gate: the last of them stands in it unless it
    /// was allowed.
    package func awaitArrival(_ count: Int) async {
        await withCheckedContinuation { waiter in
            let isThere = state.withLock { state in
                if state.arrived >= count { return true }
                state.waiters.append((count, waiter))
                return false
            }
            if isThere { waiter.resume() }
        }
    }

    /// The executor's side.
    func pass() {
        let waiters = state.withLock { state in
            state.arrived += 1
            let ready = state.waiters.filter { $0.count <= state.arrived }
            state.waiters.removeAll { $0.count <= state.arrived }
            return ready
        }
        for (_, waiter) in waiters { waiter.resume() }
        while true {
            let mayPass = state.withLock { state in
                if state.isOpen { return true }
                guard state.allowed > 0 else { return false }
                state.allowed -= 1
                return true
            }
            if mayPass { return }
            signal.wait()
        }
    }
}

/// A hash executor whose steps wait at a gate.
package final class GatedExecutor: Executor {
    private let inner: HashExecutor
    private let gate: StepGate

    /// An executor behind a gate.
    package init(_ inner: HashExecutor, gate: StepGate) {
        self.inner = inner
        self.gate = gate
    }

    /// As the executor behind the gate.
    package var vocabularySize: Int { inner.vocabularySize }
    /// As the executor behind the gate.
    package var maxStepTokens: Int { inner.maxStepTokens }
    /// As the executor behind the gate.
    package var maxStepOutputs: Int { inner.maxStepOutputs }

    /// Runs a step once it may.
    package func execute(_ plan: borrowing StepPlan) throws {
        gate.pass()
        try inner.execute(plan)
    }

    /// As the executor behind the gate.
    @_lifetime(borrow self)
    package func logits(_ index: Int) -> Span<Float> {
        let inner = inner
        return unsafe _overrideLifetime(inner.logits(index), borrowing: self)
    }
}
