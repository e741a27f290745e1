import Scheduling

/// A simulated service in numbers.
///
/// The time to the first token is what the client sees, in four parts whose borders are those of
/// the engine's `Timeline`: *arrival* (sent, until it is queued), *queue* (until its first step),
/// *prefill* (until its first token) and *delivery* (until the client has it).
package struct ServiceSummary: Sendable {
    /// Times of the requests that were completed, in seconds.
    package struct Times: Sendable {
        /// From arrival to the first token at the client.
        package var firstToken: Percentiles
        /// From arrival to the queue.
        package var arrival: Percentiles
        /// From the queue to the first step.
        package var queue: Percentiles
        /// From the first step to the first token.
        package var prefill: Percentiles
        /// From the first token to the client.
        package var delivery: Percentiles
        /// From one token of an answer to the next, of all requests.
        package var interToken: Percentiles
        /// From arrival to the last token at the client.
        package var endToEnd: Percentiles
    }

    /// What a tenant had.
    package struct Tenant: Sendable {
        /// Its name; empty where the trace has none.
        package var name: String
        /// Its requests.
        package var requests: Int
        /// Those that were completed.
        package var completed: Int
        /// Tokens of the prompts of completed requests.
        package var promptTokens: Int
        /// Tokens of its answers.
        package var outputTokens: Int
        /// The service in the prices of the VTC paper: a token of a prompt 1, of an answer 2.
        package var service: Int { promptTokens + 2 * outputTokens }
        /// Times to the first token.
        package var firstToken: Percentiles
    }

    /// Requests by how they ended.
    package let ends: [ServedRequest.End: Int]
    /// Requests in all.
    package let requests: Int
    /// Seconds from the first arrival to the last end.
    package let seconds: Double
    /// Requests that came in a second, from the first to the last; nil: all at once.
    package let offered: Double?
    /// Tokens of the prompts of completed requests.
    package let promptTokens: Int
    /// Those of them that the cache had.
    package let cachedTokens: Int
    /// Tokens of all answers.
    package let outputTokens: Int
    /// Times.
    package let times: Times
    /// Completed requests that kept the target; nil: there is none.
    package let good: Int?
    /// Whether all of the target's percentiles are kept over all requests; nil: there is none.
    package let isMet: Bool?
    /// The share of the machines' time in which a step was computed.
    package let busyShare: Double
    /// The share in which the host was at work between steps.
    package let hostShare: Double
    /// Steps.
    package let steps: Int
    /// Requests that lost their places.
    package let preemptions: Int
    /// Tokens that were computed again for that.
    package let recomputedTokens: Int
    /// The share of looked-up tokens that the prefix cache had.
    package let hitRate: Double
    /// What each tenant had, in the order of first requests.
    package let tenants: [Tenant]

    /// Completed requests a second.
    package var requestRate: Double { rate(ends[.completed] ?? 0) }
    /// Tokens of answers a second.
    package var outputRate: Double { rate(outputTokens) }
    /// Tokens of prompts and answers a second.
    package var totalRate: Double { rate(promptTokens + outputTokens) }
    /// Requests a second that kept the target.
    package var goodput: Double? { good.map { rate($0) } }
    /// The share of all requests that kept the target: those that were turned away, given up or
    /// lost are misses.
    package var goodShare: Double? { good.map { Double($0) / Double(max(1, requests)) } }

    private func rate(_ count: Int) -> Double { seconds > 0 ? Double(count) / seconds : 0 }

    /// Sums a result up. O(n log n) in its requests.
    package init(_ result: ServiceResult, _ setup: ServiceSetup) {
        let delivery = Double(nanoseconds(setup.costs.deliverySeconds)) * 1e-9
        let done = result.requests.filter { $0.end == .completed }
        var ends: [ServedRequest.End: Int] = [:]
        for request in result.requests { ends[request.end, default: 0] += 1 }
        self.ends = ends
        requests = result.requests.count
        let first = result.requests.lazy.map(\.arrival).min() ?? 0
        let last = result.requests.lazy.map(\.arrival).max() ?? 0
        let end = result.requests.lazy.map(\.finished).max() ?? 0
        seconds = Double(end - first) * 1e-9
        offered = last > first ? Double(requests - 1) / (Double(last - first) * 1e-9) : nil
        promptTokens = done.reduce(0) { $0 + $1.promptTokens }
        cachedTokens = done.reduce(0) { $0 + $1.cachedTokens }
        outputTokens = result.requests.reduce(0) { $0 + $1.outputTokens }
        let times = Times(done, result.gaps, delivery: delivery)
        self.times = times
        let target = setup.target
        if target.isEmpty {
            good = nil
            isMet = nil
        } else {
            good = done.count { target.isKept(by: $0, delivery: delivery) }
            isMet = target.isMet(by: times, missed: result.requests.count - done.count)
        }
        let span = Double(end - first) * Double(setup.replicas)
        busyShare = span > 0 ? Double(result.busy) / span : 0
        hostShare = span > 0 ? Double(result.host) / span : 0
        steps = result.steps
        preemptions = result.statistics.reduce(0) { $0 + $1.preemptionCount }
        recomputedTokens = result.statistics.reduce(0) { $0 + $1.recomputedTokens }
        let queried = result.statistics.reduce(0) { $0 + $1.queriedTokens }
        let hits = result.statistics.reduce(0) { $0 + $1.hitTokens }
        hitRate = queried > 0 ? Double(hits) / Double(queried) : 0
        tenants = Self.tenants(of: result, delivery)
    }

    private static func tenants(of result: ServiceResult, _ delivery: Double) -> [Tenant] {
        var groups: [[ServedRequest]] = result.tenants.map { _ in [] }
        for request in result.requests { groups[request.tenant].append(request) }
        return groups.enumerated().map { number, requests in
            let done = requests.filter { $0.end == .completed }
            return Tenant(
                name: result.tenants[number], requests: requests.count, completed: done.count,
                promptTokens: done.reduce(0) { $0 + $1.promptTokens },
                outputTokens: requests.reduce(0) { $0 + $1.outputTokens },
                firstToken: Percentiles(done.map { $0.firstTokenSeconds + delivery }))
        }
    }
}

extension ServiceSummary.Times {
    init(_ done: [ServedRequest], _ gaps: [TokenMeter.Gaps], delivery: Double) {
        func percentiles(_ seconds: (ServedRequest) -> Double) -> Percentiles {
            Percentiles(done.map(seconds))
        }
        firstToken = percentiles { $0.firstTokenSeconds + delivery }
        arrival = percentiles { Double($0.queued - $0.arrival) * 1e-9 }
        queue = percentiles { Double(($0.scheduled ?? $0.finished) - $0.queued) * 1e-9 }
        prefill = percentiles {
            Double(($0.firstToken ?? $0.finished) - ($0.scheduled ?? $0.finished)) * 1e-9
        }
        self.delivery = percentiles { _ in delivery }
        interToken = Percentiles(gaps.map { (value: Double($0.length) * 1e-9, count: $0.count) })
        endToEnd = percentiles { Double($0.finished - $0.arrival) * 1e-9 + delivery }
    }
}

extension ServedRequest {
    /// From arrival to the first token, in seconds, without its delivery.
    var firstTokenSeconds: Double { Double((firstToken ?? finished) - arrival) * 1e-9 }
}

extension ServiceTarget {
    /// Whether a completed request was served well: each of its times keeps the bound, and the
    /// bound's share of its gaps.
    func isKept(by request: ServedRequest, delivery: Double) -> Bool {
        if let firstToken, request.firstTokenSeconds + delivery > firstToken.seconds {
            return false
        }
        if let endToEnd {
            let seconds = Double(request.finished - request.arrival) * 1e-9 + delivery
            if seconds > endToEnd.seconds { return false }
        }
        guard let interToken else { return true }
        let spared = (1 - interToken.share) * Double(request.gaps)
        return Double(request.slowGaps) <= spared + Self.slack
    }

    /// What a count is off by at most for being a share of another.
    private static let slack = 1e-9

    /// Whether the shares of requests and gaps that it names keep their times; each request that
    /// was not completed counts as one that has not. It has no gaps that would say so: for a bound
    /// of gaps the share of completed requests must be that of the bound too.
    func isMet(by times: ServiceSummary.Times, missed: Int) -> Bool {
        func met(_ bound: Bound?, _ values: Percentiles, missed: Int) -> Bool {
            guard let bound else { return true }
            let good = values.share(atMost: bound.seconds) * Double(values.count)
            return good >= bound.share * Double(values.count + missed) - Self.slack
        }
        let always = interToken.map { Bound(share: $0.share, seconds: .infinity) }
        return met(firstToken, times.firstToken, missed: missed)
            && met(interToken, times.interToken, missed: 0)
            && met(always, times.endToEnd, missed: missed)
            && met(endToEnd, times.endToEnd, missed: missed)
    }
}
