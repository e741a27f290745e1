import KVCache

/// Pools of chunks of fixed sizes: an eighth, a quarter, a half and the whole of the longest
/// sequence, each pool about a quarter of the memory, the largest at least one chunk. A request takes
/// a chunk of the smallest size that holds it and has one free; its length is known, which nobody
/// can.
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
        pools = []
        var left = capacity
        for (index, divisor) in [1, 2, 4, 8].enumerated() {
            let size = (longest + divisor - 1) / divisor
            // What the larger ones leave over goes to the smaller ones.
            let share = left / (4 - index)
            let count = max(index == 0 ? 1 : 0, share / size)
            pools.insert(Pool(size: size, free: count), at: 0)
            left -= count * size
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
