import KVCache

/// Reservations of known length, exactly as long as they are, first fit: what a buddy allocator's
/// rounding wastes becomes holes instead. With compaction, holes are closed where that lets a
/// request in.
struct ContiguousSlots: SlotAllocator {
    let compacts: Bool
    private(set) var space: ContiguousSpace
    private(set) var copiedTokens = 0
    /// By id: the tokens that a segment holds for the time being, which is what a move copies.
    private var tokens: [Int: Int] = [:]

    struct Holding {
        let id: Int
        let count: Int
    }

    init(capacity: Int, compacts: Bool) {
        self.compacts = compacts
        space = ContiguousSpace(capacity: capacity)
    }

    var grows: Bool { true }

    mutating func admit(_ request: LengthSample, tokens: Int, nothingRuns: Bool) -> Holding? {
        let count = request.prompt + request.output
        var id = space.allocate(count)
        if id == nil, compacts, count <= space.freeCount {
            for moved in space.compact() { copiedTokens += self.tokens[moved] ?? 0 }
            id = space.allocate(count)
        }
        guard let id else { return nil }
        self.tokens[id] = tokens
        return Holding(id: id, count: count)
    }

    /// It has room from the start; only what it would cost to move is noted.
    mutating func grow(_ holding: inout Holding, tokens: Int) -> Bool {
        if compacts { self.tokens[holding.id] = tokens }
        return true
    }

    mutating func release(_ holding: inout Holding) {
        space.release(holding.id)
        tokens[holding.id] = nil
    }

    func slots(of holding: Holding) -> Int { holding.count }

    func rounding(of holding: Holding) -> Int { 0 }
}
