/// The order policies that Quire brings, by name, with their numbers.
///
/// A policy of your own is given to `Scheduler.init` instead.
public struct OrderChoice: Hashable, Sendable, CustomStringConvertible {
    private enum Kind: Hashable {
        case firstComeFirstServed
        case priority(ageing: Duration?)
        case fair(FairPrices)
        case prefix(maxWait: Duration)
        case staticBatches
    }

    private let kind: Kind

    /// In order of arrival.
    public static let fcfs = OrderChoice(kind: .firstComeFirstServed)

    /// Lower `Request.priority` first, equals by arrival.
    public static let priority = OrderChoice(kind: .priority(ageing: nil))

    /// As `priority`; for each `ageing` that a request has waited it stands one class better, so
    /// that no request waits for ever.
    public static func priority(ageing: Duration) -> OrderChoice {
        OrderChoice(kind: .priority(ageing: ageing))
    }

    /// Equal service for all tenants that have work, by their weights.
    public static let fair = OrderChoice(kind: .fair(FairPrices()))

    /// As `fair`, at given prices.
    public static func fair(_ prices: FairPrices) -> OrderChoice {
        OrderChoice(kind: .fair(prices))
    }

    /// The longest cached prefix first; a request that has waited for 5 seconds goes before all.
    public static let prefix = prefix(maxWait: .seconds(5))

    /// The longest cached prefix first; a request that has waited for `maxWait` goes before all.
    public static func prefix(maxWait: Duration) -> OrderChoice {
        OrderChoice(kind: .prefix(maxWait: maxWait))
    }

    /// In order of arrival, and only when the whole batch before has ended: what engines did
    /// before continuous batching, to compare with.
    public static let staticBatches = OrderChoice(kind: .staticBatches)

    /// One of each, with default numbers.
    public static let all: [OrderChoice] = [.fcfs, .priority, .fair, .prefix, .staticBatches]

    /// The choice of a name, with default numbers; nil for a name that there is not.
    public init?(name: String) {
        guard let found = Self.all.first(where: { $0.name == name }) else { return nil }
        self = found
    }

    private init(kind: Kind) {
        self.kind = kind
    }

    /// `fcfs`, `priority`, `fair`, `prefix` or `static`.
    public var name: String {
        switch kind {
        case .firstComeFirstServed: "fcfs"
        case .priority: "priority"
        case .fair: "fair"
        case .prefix: "prefix"
        case .staticBatches: "static"
        }
    }

    /// The name.
    public var description: String { name }

    /// What is wrong with its numbers; nil when nothing is.
    var fault: String? {
        switch kind {
        case .priority(let ageing?) where ageing <= .zero: "the ageing interval must be above 0"
        case .prefix(let maxWait) where maxWait < .zero: "the longest wait must not be negative"
        case .fair(let prices) where !prices.isValid: "prices must be numbers of 0 or more"
        default: nil
        }
    }

    func makePolicy() -> any OrderPolicy {
        switch kind {
        case .firstComeFirstServed: ArrivalOrder()
        case .priority(let ageing): PriorityOrder(ageing: ageing)
        case .fair(let prices): FairOrder(prices: prices)
        case .prefix(let maxWait): PrefixOrder(maxWait: maxWait)
        case .staticBatches: StaticOrder()
        }
    }
}
