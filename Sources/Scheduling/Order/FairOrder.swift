/// What a tenant pays for a token of service, in the units of its counter.
public struct FairPrices: Hashable, Sendable {
    /// A token of a prompt.
    public var input: Double
    /// A token of a prompt that the cache had; the same as `input` unless hits shall pay off.
    public var cached: Double
    /// A generated token.
    public var output: Double

    /// The prices of the VTC paper: an output is worth two inputs.
    public init(input: Double = 1, cached: Double? = nil, output: Double = 2) {
        self.input = input
        self.cached = cached ?? input
        self.output = output
    }

    var isValid: Bool {
        [input, cached, output].allSatisfy { $0.isFinite && $0 >= 0 }
    }
}

/// Fair sharing by a virtual token counter for each tenant (Sheng et al., *Fairness in Serving
/// Large Language Models*, OSDI 2024).
///
/// A tenant's counter is the service it has had, in token prices over its weight. The waiting
/// tenant with the lowest counter is next, and if its first request does not fit, none is admitted.
/// When a tenant that had nothing waiting has a request again, its counter is lifted to the lowest
/// of the waiting tenants: it cannot save up for the time in which it wanted nothing. If no tenant
/// waits, it is lifted to the counter of the tenant that left the queue last.
///
/// Between any two tenants that both have requests waiting, counters differ by
/// `max(input * longest prompt, output * tokens in memory)` at most, over the lower weight, and
/// their service over any time by twice that.
public struct FairOrder: OrderPolicy {
    /// A tenant's account.
    struct Account: Sendable {
        var counter = 0.0
        var weight = 1.0
        /// All that it was charged, without what its counter was lifted by.
        var service = 0.0
    }

    /// What a token costs.
    public let prices: FairPrices

    private var lanes: [String: Int] = [:]
    private var names: [String] = []
    private var accounts: [Account] = []
    private var lastDeparted: Int?

    /// No tenant yet.
    public init(prices: FairPrices = FairPrices()) {
        self.prices = prices
    }

    /// The virtual token counter of a tenant; nil for one that never came.
    public func counter(of tenant: String) -> Double? {
        lanes[tenant].map { accounts[$0].counter }
    }

    /// What the tenant of each lane has on account.
    func statements(waiting: [Int], into list: inout [FairStatement]) {
        list.removeAll(keepingCapacity: true)
        for lane in accounts.indices {
            list.append(
                FairStatement(
                    tenant: names[lane], counter: accounts[lane].counter,
                    service: accounts[lane].service, weight: accounts[lane].weight,
                    waiting: lane < waiting.count ? waiting[lane] : 0))
        }
    }

    /// All are of one class.
    public var levelsChange: Bool { false }

    /// One lane for each tenant.
    public mutating func lane(of request: Request) -> Int {
        let lane: Int
        if let known = lanes[request.tenant] {
            lane = known
        } else {
            lane = accounts.count
            lanes[request.tenant] = lane
            accounts.append(Account())
            names.append(request.tenant)
        }
        accounts[lane].weight = request.weight
        return lane
    }

    /// The tenant with the lowest counter among those that wait.
    ///
    /// - Complexity: O(tenants).
    public mutating func nextLane(of queue: QueueView) -> Int? {
        lowest(queue.waiting)
    }

    /// Charges for service, and lifts the counters of tenants that return.
    public mutating func note(_ event: OrderEvent) {
        switch event {
        case .queued(let lane, let waiting):
            guard lane >= waiting.count || waiting[lane] == 0 else { return }
            guard let floor = lowest(waiting) ?? lastDeparted else { return }
            accounts[lane].counter = max(accounts[lane].counter, accounts[floor].counter)
        case .left(let lane, let prompt, let cached):
            let price = prices.input * Double(prompt - cached) + prices.cached * Double(cached)
            charge(lane, price)
            lastDeparted = lane
        case .generated(let lane, let tokens):
            charge(lane, prices.output * Double(tokens))
        }
    }

    private mutating func charge(_ lane: Int, _ price: Double) {
        accounts[lane].counter += price / accounts[lane].weight
        accounts[lane].service += price / accounts[lane].weight
    }

    private func lowest(_ waiting: [Int]) -> Int? {
        var found: Int?
        for lane in waiting.indices where waiting[lane] > 0 {
            if let best = found, accounts[best].counter <= accounts[lane].counter { continue }
            found = lane
        }
        return found
    }
}

/// What a tenant has on account under the `fair` order.
package struct FairStatement: Hashable, Sendable {
    /// The tenant.
    package var tenant: String
    /// Its virtual token counter.
    package var counter: Double
    /// The service that it has had, in prices over its weight: the counter without what it was
    /// lifted by.
    package var service: Double
    /// Its share relative to others.
    package var weight: Double
    /// Its requests that wait.
    package var waiting: Int
}
