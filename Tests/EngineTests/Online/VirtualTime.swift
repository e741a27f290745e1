import FakeExecutor
import KVCache
import QuireEngine
import Scheduling
import Synchronization

/// A clock that stands still unless it is moved.
final class VirtualClock: Sendable {
    private let time = Mutex(Duration.zero)

    var now: Duration { time.withLock { $0 } }

    func advance(by duration: Duration) { time.withLock { $0 += duration } }
}

/// A hash executor whose steps take virtual time: so much, and so much more for each token.
final class TimedExecutor: Executor {
    private let inner: HashExecutor
    private let clock: VirtualClock

    init(_ inner: HashExecutor, clock: VirtualClock) {
        self.inner = inner
        self.clock = clock
    }

    var vocabularySize: Int { inner.vocabularySize }
    var maxStepTokens: Int { inner.maxStepTokens }
    var maxStepOutputs: Int { inner.maxStepOutputs }

    func execute(_ plan: borrowing StepPlan) throws {
        try inner.execute(plan)
        clock.advance(by: .milliseconds(10 + plan.tokens.count))
    }

    @_lifetime(borrow self)
    func logits(_ index: Int) -> Span<Float> {
        let inner = inner
        return unsafe _overrideLifetime(inner.logits(index), borrowing: self)
    }
}

/// Shorter prompts first: an order that Quire does not bring.
struct ShortestFirst: OrderPolicy {
    func position(of request: Request, arrival: Duration) -> QueueKey {
        QueueKey(major: request.prompt.count, minor: arrival)
    }
}

/// A cache for three sequences of the tiny model.
func tinyPlan(sequences: Int = 3) throws -> CacheLayout {
    try KVPlanner(
        geometry: KVGeometry(spans: [.full], kvHeads: 1, headDim: 2), blockSize: 4,
        maxModelLength: 128, maxChunk: 16
    ).plan(sequences: sequences)
}

/// One row at a time, so that the order is seen, and nothing found in the cache.
func oneAtATime() -> SchedulerConfiguration {
    var configuration = SchedulerConfiguration(
        maxStepTokens: 64, maxStepOutputs: 8, maxChunk: 16, maxRunning: 1)
    configuration.cache.prefixCaching = false
    return configuration
}
