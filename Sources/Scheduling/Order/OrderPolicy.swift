/// Which request is admitted next: the one protocol to implement for an order of your own.
///
/// The queue has lanes. A request stands in one of them, at a place that its `position` decides
/// once and for all, so that queueing costs O(log n). To admit, the scheduler asks for a lane,
/// shows the first few of that lane and takes the one that the policy picks; if that one cannot run
/// yet, none is admitted: an order that skips is not the order that was promised.
///
/// Every member has a default; all defaults together are first come, first served. This is a
/// shortest-prompt-first order:
///
/// ```swift
/// struct ShortestFirst: OrderPolicy {
///     func position(of request: Request, arrival: Duration) -> QueueKey {
///         QueueKey(major: request.prompt.count, minor: arrival)
///     }
/// }
/// ```
///
/// A value type: a copy of a scheduler has a copy of its policy's accounts.
public protocol OrderPolicy: Sendable {
    /// The request's place in its lane. Asked once, when the request is submitted.
    func position(of request: Request, arrival: Duration) -> QueueKey

    /// The request's class at a time: requests of lower classes are planned before others and may
    /// preempt them.
    func level(of request: Request, arrival: Duration, now: Duration) -> Int

    /// Whether a request's class may be another one later. Asked once: where it may, running
    /// requests are put in order again at every step.
    var levelsChange: Bool { get }

    /// The request's lane, a small number. Asked once, when the request is submitted.
    mutating func lane(of request: Request) -> Int

    /// The lane to admit from next; nil when no request may be admitted now. Asked only while
    /// requests wait.
    mutating func nextLane(of queue: QueueView) -> Int?

    /// How many of a lane's first requests `pick` wants to choose among; 1 chooses nothing. The
    /// scheduler looks each of them up in the prefix cache.
    var window: Int { get }

    /// The candidate to admit, as an index.
    func pick(among candidates: [OrderCandidate]) -> Int

    /// Whether `note` is to be told of every generated token. Asked once.
    var countsTokens: Bool { get }

    /// Updates the accounts of the policy.
    mutating func note(_ event: OrderEvent)
}

/// What a policy sees of the queue.
public struct QueueView: Sendable {
    /// The number of waiting requests in each lane.
    public let waiting: [Int]

    /// Requests that were running when the step's plan was begun.
    public let running: Int
}

/// A request that may be admitted next.
public struct OrderCandidate: Hashable, Sendable {
    /// How long it has waited.
    public var waited: Duration
    /// Tokens that it need not compute.
    public var cachedTokens: Int
    /// Tokens that are known.
    public var tokens: Int
}

/// Something that a policy keeps account of.
public enum OrderEvent: Hashable, Sendable {
    /// A request begins to wait, for the first time or again; `waiting` counts each lane's
    /// requests without it.
    case queued(lane: Int, waiting: [Int])
    /// A request leaves the queue. With the first admission come the tokens of its prompt, and how
    /// many of them were cached; later admissions, and requests that are cancelled while they wait,
    /// have none.
    case left(lane: Int, prompt: Int, cached: Int)
    /// A request generated tokens.
    case generated(lane: Int, tokens: Int)
}

extension OrderPolicy {
    /// By arrival.
    public func position(of request: Request, arrival: Duration) -> QueueKey {
        QueueKey(minor: arrival)
    }

    /// One class for all.
    public func level(of request: Request, arrival: Duration, now: Duration) -> Int { 0 }

    /// It may.
    public var levelsChange: Bool { true }

    /// One lane for all.
    public mutating func lane(of request: Request) -> Int { 0 }

    /// The first lane in which a request waits.
    public mutating func nextLane(of queue: QueueView) -> Int? {
        queue.waiting.firstIndex { $0 > 0 }
    }

    /// The head of the lane alone.
    public var window: Int { 1 }

    /// The head of the lane.
    public func pick(among candidates: [OrderCandidate]) -> Int { 0 }

    /// It may.
    public var countsTokens: Bool { true }

    /// Ignores the event.
    public mutating func note(_ event: OrderEvent) {}
}
