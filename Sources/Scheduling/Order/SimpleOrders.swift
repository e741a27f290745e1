/// First come, first served.
struct ArrivalOrder: OrderPolicy {
    var levelsChange: Bool { false }
    var countsTokens: Bool { false }
}

/// Static batching: no request is admitted into a batch that runs.
struct StaticOrder: OrderPolicy {
    var levelsChange: Bool { false }

    var countsTokens: Bool { false }

    mutating func nextLane(of queue: QueueView) -> Int? { queue.running == 0 ? 0 : nil }
}

/// By class, lower first.
///
/// With ageing, a request of class `c` that arrived at `t` stands at `c * ageing + t`. All requests
/// age at one speed, so the places never have to be computed again; and the class that a request
/// has reached, `c - waited / ageing`, is the place counted from now.
struct PriorityOrder: OrderPolicy {
    let ageing: Duration?

    var levelsChange: Bool { ageing != nil }

    var countsTokens: Bool { false }

    func position(of request: Request, arrival: Duration) -> QueueKey {
        guard let ageing else { return QueueKey(major: request.priority, minor: arrival) }
        return QueueKey(minor: ageing * request.priority + arrival)
    }

    func level(of request: Request, arrival: Duration, now: Duration) -> Int {
        guard let ageing, now > arrival else { return request.priority }
        return request.priority - Int(((now - arrival) / ageing).rounded(.down))
    }
}

/// The longest cached prefix first (the `lpm` of SGLang's `--schedule-policy`).
///
/// It looks at a bounded number of the first in the queue, because each look costs a walk through
/// the prefix index. The head goes first once it has waited for `maxWait`, which bounds every wait:
/// a request comes to the head by the departures of those before it.
struct PrefixOrder: OrderPolicy {
    let maxWait: Duration

    var levelsChange: Bool { false }

    var countsTokens: Bool { false }

    var window: Int { SchedulingLimits.maxPrefixCandidates }

    func pick(among candidates: [OrderCandidate]) -> Int {
        guard let head = candidates.first, head.waited < maxWait else { return 0 }
        var best = 0
        for index in candidates.indices
        where candidates[index].cachedTokens > candidates[best].cachedTokens {
            best = index
        }
        return best
    }
}
