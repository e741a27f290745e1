/// Which cached block is given up first when a block is needed; a name that a user can choose.
///
/// Blocks that hold nothing reusable always go first. The others are taken tail first: no policy
/// gives up a block while a block that continues it is cached, so that what stays can be hit.
public struct EvictionPolicy: Hashable, Sendable {
    enum Kind: String, Hashable, Sendable, CaseIterable {
        case lru, lfu, fifo, s3fifo, cost, priority, adaptive
    }

    let kind: Kind

    init(kind: Kind) {
        self.kind = kind
    }

    /// The policy of a name; nil when there is none.
    public init?(name: String) {
        guard let kind = Kind(rawValue: name) else { return nil }
        self.kind = kind
    }

    /// The name.
    public var name: String { kind.rawValue }

    /// Least recently used first: the order in which blocks were let go.
    public static let lru = EvictionPolicy(kind: .lru)

    /// Least often used first, and among equals least recently used.
    public static let lfu = EvictionPolicy(kind: .lfu)

    /// First stored first, however often it was used since.
    public static let fifo = EvictionPolicy(kind: .fifo)

    /// Three queues: new blocks must be used again while they pass a small queue to come into the
    /// main one, and a ghost queue remembers the keys of evicted blocks (Yang et al., SOSP 2023).
    public static let s3fifo = EvictionPolicy(kind: .s3fifo)

    /// Least value first: uses times the cost of computing the block again, aged by what was
    /// given up since (greedy dual with frequency; Cherkasova, 1998).
    public static let cost = EvictionPolicy(kind: .cost)

    /// Lowest retention priority first, and among equals least recently used.
    public static let priority = EvictionPolicy(kind: .priority)

    /// Least hits to be expected for the room it takes first, learned from what became of other
    /// blocks; LRU until that has proved to be better (`AdaptiveOrder`).
    public static let adaptive = EvictionPolicy(kind: .adaptive)

    /// All policies.
    public static let all: [EvictionPolicy] = Kind.allCases.map { EvictionPolicy(kind: $0) }
}

extension EvictionPolicy: CustomStringConvertible {
    /// The name.
    public var description: String { name }
}
