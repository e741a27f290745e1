/// The last keys that were turned away, oldest forgotten first: a bounded set with 16 bytes a key.
///
/// It holds the low half of each key: a confusion costs a wrong guess about reuse, no answer.
struct GhostKeys: Sendable {
    private static let none = UInt32.max
    /// The link of a slot without a key.
    private static let dead = UInt32.max - 1

    private(set) var ring: [UInt64]
    private(set) var heads: [UInt32]
    private(set) var next: [UInt32]
    private var cursor = 0

    /// A set of at most `capacity` keys.
    init(capacity: Int) {
        ring = Array(repeating: 0, count: capacity)
        heads = Array(repeating: Self.none, count: max(1, capacity))
        next = Array(repeating: Self.dead, count: capacity)
    }

    /// Adds a key as the newest, in place of the oldest when the set is full.
    mutating func insert(_ key: BlockKey) {
        guard !ring.isEmpty else { return }
        _ = remove(key)
        if next[cursor] != Self.dead { unlink(cursor) }
        ring[cursor] = key.low
        let bucket = bucket(key.low)
        next[cursor] = heads[bucket]
        heads[bucket] = UInt32(cursor)
        cursor = cursor + 1 == ring.count ? 0 : cursor + 1
    }

    /// Removes a key; false when it was not there.
    mutating func remove(_ key: BlockKey) -> Bool {
        guard !ring.isEmpty else { return false }
        var slot = heads[bucket(key.low)]
        while slot != Self.none {
            if ring[Int(slot)] == key.low {
                unlink(Int(slot))
                return true
            }
            slot = next[Int(slot)]
        }
        return false
    }

    private func bucket(_ key: UInt64) -> Int {
        // Keys are hashes, but a replay's keys may be small numbers.
        let mixed = key &* 0x9E37_79B9_7F4A_7C15
        return Int(mixed.multipliedFullWidth(by: UInt64(heads.count)).high)
    }

    private mutating func unlink(_ slot: Int) {
        let bucket = bucket(ring[slot])
        defer { next[slot] = Self.dead }
        if heads[bucket] == UInt32(slot) {
            heads[bucket] = next[slot]
            return
        }
        var before = Int(heads[bucket])
        while next[before] != UInt32(slot) { before = Int(next[before]) }
        next[before] = next[slot]
    }
}
