package import Scheduling

/// Holds the `fair` order to its bound, step after step (Sheng et al., *Fairness in Serving Large
/// Language Models*, OSDI 2024, theorem 4.4 and lemma 4.3).
///
/// With `U = max(input price x longest prompt, output price x tokens in memory)` over the lowest
/// weight: the counters of tenants that have requests waiting differ by `U` at most, and over any
/// time in which both of two tenants have, their services differ by `2 U` at most. The service over
/// a time is the difference of two moments, so the second says: while both wait, the difference of
/// their services since they began moves within `2 U`.
package struct FairnessCheck: Sendable {
    /// How near a run came to the bounds.
    package struct Finding: Hashable, Sendable {
        /// The largest difference of two counters of tenants with waiting requests.
        package var counters = 0.0
        /// The largest difference of the services of two such tenants over a time.
        package var service = 0.0
        /// Whether services were compared: not with more than `ServiceLimits.comparedTenants`.
        package var comparesServices = true
        /// The bound of the first, `U`, when the run ended; the bound of the second is twice that.
        package var bound = 0.0
        /// Steps in which at least two tenants waited.
        package var steps = 0

        /// Whether neither was passed.
        package var isKept: Bool { violation == nil }
        /// What was found to be wrong first; nil: nothing.
        package var violation: String?
    }

    private struct Pair {
        var least = 0.0
        var most = 0.0
        var isOpen = false
    }

    /// What was found so far.
    package private(set) var finding = Finding()

    private static let prices = FairPrices()
    private let memory: Int
    private var longest = 0
    private var statements: [FairStatement] = []
    /// By the lower tenant's number times `width`, plus the other's.
    private var pairs: [Pair] = []
    private var width = 0

    /// - Parameter memory: tokens that the cache holds.
    package init(memory: Int) { self.memory = memory }

    /// A request was queued.
    package mutating func note(promptTokens: Int) { longest = max(longest, promptTokens) }

    /// Looks at the accounts after a step.
    ///
    /// - Parameters:
    ///   - time: the moment, for what is said of a violation.
    ///   - read: gives the accounts.
    /// - Complexity: O(tenants); of few of them, whose services are compared, squared.
    package mutating func check(at time: Int64, _ read: (inout [FairStatement]) -> Bool) {
        guard read(&statements) else { return }
        let weights = statements.lazy.map(\.weight).min() ?? 1
        let prompt = Self.prices.input * Double(longest)
        finding.bound = max(prompt, Self.prices.output * Double(memory)) / weights
        compareCounters(time)
        guard statements.count <= ServiceLimits.comparedTenants else {
            finding.comparesServices = false
            return
        }
        grow(to: statements.count)
        for one in statements.indices {
            let isWaiting = statements[one].waiting > 0
            for other in statements.indices.suffix(from: one + 1) {
                compare(one, other, areWaiting: isWaiting && statements[other].waiting > 0, time)
            }
        }
    }

    /// What sums of a million prices are off by at most.
    private var slack: Double { 1e-6 * (1 + finding.bound) }

    private mutating func compareCounters(_ time: Int64) {
        var (least, most) = (-1, -1)
        var waiting = 0
        for index in statements.indices where statements[index].waiting > 0 {
            waiting += 1
            let counter = statements[index].counter
            if least < 0 || counter < statements[least].counter { least = index }
            if most < 0 || counter > statements[most].counter { most = index }
        }
        guard waiting > 1 else { return }
        finding.steps += 1
        let apart = statements[most].counter - statements[least].counter
        finding.counters = max(finding.counters, apart)
        guard apart > finding.bound + slack else { return }
        note("counters", least, most, apart, over: finding.bound, time)
    }

    private mutating func note(
        _ what: String, _ one: Int, _ other: Int, _ apart: Double, over bound: Double,
        _ time: Int64
    ) {
        guard finding.violation == nil else { return }
        finding.violation =
            "at \(Double(time) * 1e-9) s the \(what) of \(statements[one].tenant) and "
            + "\(statements[other].tenant) differ by \(apart), over \(bound)"
    }

    private mutating func compare(_ one: Int, _ other: Int, areWaiting: Bool, _ time: Int64) {
        let index = one * width + other
        guard areWaiting else {
            pairs[index].isOpen = false
            return
        }
        let ahead = statements[one].service - statements[other].service
        if !pairs[index].isOpen { pairs[index] = Pair(least: ahead, most: ahead, isOpen: true) }
        pairs[index].least = min(pairs[index].least, ahead)
        pairs[index].most = max(pairs[index].most, ahead)
        let service = pairs[index].most - pairs[index].least
        finding.service = max(finding.service, service)
        guard service > 2 * finding.bound + slack else { return }
        note("services", one, other, service, over: 2 * finding.bound, time)
    }

    private mutating func grow(to count: Int) {
        guard count > width else { return }
        let wider = max(count, 2 * width)
        var larger = Array(repeating: Pair(), count: wider * wider)
        for one in 0..<width {
            for other in 0..<width { larger[one * wider + other] = pairs[one * width + other] }
        }
        pairs = larger
        width = wider
    }
}
