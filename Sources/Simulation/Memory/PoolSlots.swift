import KVCache

/// Pools of chunks of fixed sizes: an eighth, a quarter, a half and the whole of the longest
/// sequence, as many of each. A request takes a chunk of the smallest size that holds it and has
/// one free; its length is known, which nobody can.
struct PoolSlots: SlotAllocator {
    struct Pool {
        let size: Int
        var free: Int
    }

    struct Holding {
        let pool: Int
        let size: Int
        let asked: Int
    }

    /// By rising size.
    private(set) var pools: [Pool]

    init(capacity: Int, longest: Int) {
        let sizes = [8, 4, 2, 1].map { (longest + $0 - 1) / $0 }
        let sets = capacity / sizes.reduce(0, +)
        pools = sizes.map { Pool(size: $0, free: sets) }
        // What no whole set fills goes to the largest chunks that it holds.
        var left = capacity - sets * sizes.reduce(0, +)
        for place in pools.indices.reversed() {
            pools[place].free += left / sizes[place]
            left %= sizes[place]
        }
    }

    var grows: Bool { false }
    var copiedTokens: Int { 0 }

    mutating func admit(_ request: LengthSample, tokens: Int, nothingRuns: Bool) -> Holding? {
        let asked = Reservation.oracle.slots(request, longest: .max)
        guard let place = pools.firstIndex(where: { $0.size >= asked && $0.free > 0 }) else {
            return nil
        }
        pools[place].free -= 1
        return Holding(pool: place, size: pools[place].size, asked: asked)
    }

    mutating func grow(_ holding: inout Holding, tokens: Int) -> Bool { true }

    mutating func release(_ holding: inout Holding) { pools[holding.pool].free += 1 }

    func slots(of holding: Holding) -> Int { holding.size }

    func rounding(of holding: Holding) -> Int { holding.size - holding.asked }
}
