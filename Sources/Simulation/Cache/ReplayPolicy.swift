package import KVCache

/// Which block a replayed cache gives up: a policy of the engine, or one that only a simulator has.
package enum ReplayPolicy: Hashable, Sendable {
    /// A policy that the engine can run; its code is the engine's.
    case engine(EvictionPolicy)

    /// Least often used first; among equals the one that stood furthest behind in its prompt when
    /// it was stored, and then the least recently used.
    case length

    /// The block whose next use is furthest away: no policy hits more, and none can know.
    case belady

    /// The policy of a name; nil when there is none.
    package init?(name: String) {
        switch name {
        case "length": self = .length
        case "belady": self = .belady
        default:
            guard let policy = EvictionPolicy(name: name) else { return nil }
            self = .engine(policy)
        }
    }

    /// The name.
    package var name: String {
        switch self {
        case .engine(let policy): policy.name
        case .length: "length"
        case .belady: "belady"
        }
    }

    /// Whether a replay gives up no block while one that continues it is there, as the cache does
    /// that serves: `adaptive` counts on it. The others are replayed as they are known, without.
    package func keepsPrefixes(_ model: ReplayModel) -> Bool {
        model == .strict && self == .engine(.adaptive)
    }

    /// All policies, those of the engine first.
    package static var all: [ReplayPolicy] {
        EvictionPolicy.all.map { .engine($0) } + [.length, .belady]
    }
}
