import DequeModule
package import KVCache
import QuireIdentifiers

/// Decides which requests run in the next step: continuous batching and chunked prefill over a
/// paged cache.
///
/// A value without a clock, a thread or I/O: the time is an argument and plans are the results, so
/// that every schedule can be replayed and a test may copy a state and try every continuation.
///
/// ```swift
/// try scheduler.submit(request, now: now)
/// scheduler.plan(into: &plan, now: now)
/// try executor.execute(plan)
/// scheduler.complete(outcomes, elapsed: time)     // one outcome for each row of the plan
/// scheduler.takeActions(into: &actions)
/// ```
///
/// - A step goes through the classes, best first. Of a class, requests that decode get a token
///   each, in the order of admission; then requests that still compute their prompts get chunks;
///   then waiting requests are admitted, while the budget lasts.
/// - A request that needs blocks when none is free takes them from requests that have not been
///   planned in this step: `Scheduler+Preempt`.
/// - Requests with the same prefix compute it once: `Scheduler+Prefill`.
/// - A request that can never fit is refused when it is submitted.
package struct Scheduler: Sendable {
    /// The bounds of a step, and the policies.
    package let configuration: SchedulerConfiguration

    /// The KV cache's bookkeeping.
    package internal(set) var cache: PagedCache

    /// Bytes that the executor copies in a second between blocks and host slots, as it has measured
    /// it: what bringing a preempted request's pages back is weighed by. Until then a modest
    /// machine's.
    package var copyBandwidth = 4e9

    var order: any OrderPolicy
    /// Whether the order is told of every token.
    let orderCountsTokens: Bool
    /// Whether running requests may come to be of another class.
    let levelsChange: Bool
    /// Whether a layer has a window, whose blocks are given back on the way.
    let hasWindows: Bool
    var table = RequestTable()

    /// The slots that wait: lanes, each in the order of its positions.
    var lanes: [Deque<Int>] = []
    /// The lengths of `lanes`, as policies see them.
    var laneCounts: [Int] = []
    var waitingCount = 0
    var waitingTokens = 0

    /// The slots that run, by class and then in the order of admission.
    var batch: [Int] = []

    /// The slots that wait for a decision, in the order in which they were computed.
    var held: [Int] = []

    /// The slots of the rows of the step in flight.
    var inFlight: [Int] = []

    /// What is being planned, and what a step leaves for the next one.
    var step = StepState()

    /// Events since the last `takeActions(into:)`.
    var actions: [SchedulerAction] = []
    var counts = SchedulerStatistics()
    var answerLengths = AnswerLengths()
    var stepTime = StepTimeModel()
    var nextSerial: UInt64 = 0
    var nextTicket: UInt64 = 0

    /// Memory of `AdmissionForecast`, kept from step to step.
    var forecast = AdmissionForecast()

    /// A scheduler over an empty cache.
    ///
    /// - Parameters:
    ///   - layout: the layout and size of the cache.
    ///   - configuration: the bounds of a step, and the policies.
    ///   - order: an order policy of your own instead of the configuration's.
    /// - Throws: `SchedulingError.invalidConfiguration`.
    package init(
        layout: CacheLayout, configuration: SchedulerConfiguration, order: (any OrderPolicy)? = nil
    ) throws(SchedulingError) {
        try configuration.check()
        guard configuration.maxChunk <= layout.maxChunk || layout.groups.allSatisfy(\.isFull) else {
            throw SchedulingError(
                .invalidConfiguration,
                "the chunk size \(configuration.maxChunk) is more than the "
                    + "\(layout.maxChunk) tokens that the cache's windows were planned for; lower "
                    + "the chunk size or plan for larger chunks")
        }
        self.configuration = configuration
        let policy = order ?? configuration.order.makePolicy()
        self.order = policy
        orderCountsTokens = policy.countsTokens
        levelsChange = policy.levelsChange
        hasWindows = !layout.groups.allSatisfy(\.isFull)
        cache = PagedCache(layout: layout, configuration: configuration.cache)
    }

    /// Whether there is no request left.
    package var isIdle: Bool { table.count == 0 }

    /// Requests that run, by class and then in the order of admission.
    ///
    /// - Complexity: O(1), and the scheduler's next change O(requests) while the list is held.
    package var running: RequestList { RequestList(slots: batch, states: table.states) }

    /// Requests that wait, by their place in the queue.
    ///
    /// - Complexity: O(n log n): for tests and reports.
    package var waiting: RequestList {
        let slots = lanes.joined().sorted { goesBefore($0, $1) }
        return RequestList(slots: slots, states: table.states)
    }

    /// Moves the events since the last call into `list`, in order: those of plans, completions and
    /// cancellations. What `list` held is dropped.
    package mutating func takeActions(into list: inout [SchedulerAction]) {
        list.removeAll(keepingCapacity: true)
        swap(&list, &actions)
    }

    /// The virtual token counter of a tenant under the `fair` order; nil when there is none.
    package func fairCounter(of tenant: String) -> Double? {
        (order as? FairOrder)?.counter(of: tenant)
    }
}

/// What a step has left, and what has happened in it.
struct StepState: Sendable {
    /// Counts plans, from 1.
    var number: UInt64 = 0
    var now = Duration.zero
    /// Requests that ran when the plan was begun.
    var runningAtStart = 0

    /// What is left of the step's bounds.
    var tokens = 0
    var outputs = 0
    /// Seconds that are left for prompts; nil without a target.
    var prefillSeconds: Double?
    /// Tokens of prompts that are left whatever the target says.
    var minPrefill = 0

    /// What the step-time model learns from.
    var plannedTokens = 0
    var attended = 0
    /// Drafts among the planned tokens.
    var drafted = 0

    /// Whether a request lost blocks to a running one: then none is admitted.
    var preempted = false
    /// Why admission stopped, if it concerns all waiting requests.
    var stop: WaitReason?
    /// The head of the queue, if it does not fit although no request runs.
    var stuckHead: Int?
    /// The serial number of the first request that no plan has seen.
    var firstUnseen: UInt64 = 0
    /// The lane that was admitted from last.
    var lane = 0

    /// The next full block of each prompt that is computed in this step and not to its end.
    var leading: [BlockKey] = []
    /// Slots that share blocks which this step writes.
    var borrowers: [Int] = []
    /// The batch as it was when the plan was begun.
    var batch: [Int] = []
    var candidates: [OrderCandidate] = []
}

extension KVGroup {
    var isFull: Bool { span == .full }
}
