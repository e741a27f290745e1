/// The keys of ghosts: a hash table of a fixed number of places.
///
/// It keeps 32 bits of a key: a confusion, one in millions, costs a wrong count.
struct GhostTable: Sendable {
    private static let none = UInt32.max

    private var marks: [UInt32]
    /// The next in the bucket; of free places the next free one.
    private var next: [UInt32]
    private var heads: [UInt32]
    private var free: UInt32
    private(set) var count = 0

    init(capacity: Int) {
        marks = Array(repeating: 0, count: capacity)
        next = (1...UInt32(capacity)).map { $0 < capacity ? $0 : Self.none }
        heads = Array(repeating: Self.none, count: max(1, capacity / 4))
        free = 0
    }

    var capacity: Int { marks.count }

    var isFull: Bool { free == Self.none }

    private func bucket(_ mark: UInt32) -> Int { Int(UInt64(mark) * UInt64(heads.count) >> 32) }

    /// The place that a key is given; nil when there is none.
    mutating func insert(_ hash: UInt64) -> Int? {
        guard !isFull else { return nil }
        let place = Int(free)
        free = next[place]
        marks[place] = UInt32(truncatingIfNeeded: hash)
        let bucket = bucket(marks[place])
        next[place] = heads[bucket]
        heads[bucket] = UInt32(place)
        count += 1
        return place
    }

    /// Removes a key: the place that it had; nil when it has none.
    mutating func take(_ hash: UInt64) -> Int? {
        let mark = UInt32(truncatingIfNeeded: hash)
        var place = heads[bucket(mark)]
        while place != Self.none {
            if marks[Int(place)] == mark {
                remove(Int(place))
                return Int(place)
            }
            place = next[Int(place)]
        }
        return nil
    }

    /// Removes the key at a place.
    mutating func remove(_ place: Int) {
        let bucket = bucket(marks[place])
        if heads[bucket] == UInt32(place) {
            heads[bucket] = next[place]
        } else {
            var before = Int(heads[bucket])
            while next[before] != UInt32(place) { before = Int(next[before]) }
            next[before] = next[place]
        }
        next[place] = free
        free = UInt32(place)
        count -= 1
    }

    /// Bytes of the arrays.
    var bytes: Int { 4 * (marks.count + next.count + heads.count) }
}
