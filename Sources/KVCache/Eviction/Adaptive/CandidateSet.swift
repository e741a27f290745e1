/// Blocks in no order, so that any of them is found by a number: a set with O(1) for everything.
/// 8 bytes a block. Those that LRU would have given up stand before the others.
struct CandidateSet: Sendable {
    private(set) var items: [BlockID] = []
    private(set) var places: [UInt32]
    /// How many of the first ones LRU would have given up.
    private(set) var apartCount = 0
    private static let absent = UInt32.max

    /// An empty set over the blocks below `blockCount`.
    init(blockCount: Int) {
        places = Array(repeating: Self.absent, count: blockCount)
        items.reserveCapacity(blockCount)
    }

    var count: Int { items.count }

    func contains(_ block: BlockID) -> Bool { places[block.index] != Self.absent }

    mutating func insert(_ block: BlockID, isApart: Bool) {
        precondition(!contains(block), "block \(block) is a candidate already")
        places[block.index] = UInt32(items.count)
        items.append(block)
        if isApart { setApart(block) }
    }

    /// LRU would give up a block now that stands among the others.
    mutating func setApart(_ block: BlockID) {
        swap(Int(places[block.index]), apartCount)
        apartCount += 1
    }

    mutating func remove(_ block: BlockID) {
        precondition(contains(block), "block \(block) is no candidate")
        if Int(places[block.index]) < apartCount {
            apartCount -= 1
            swap(Int(places[block.index]), apartCount)
        }
        swap(Int(places[block.index]), items.count - 1)
        items.removeLast()
        places[block.index] = Self.absent
    }

    private mutating func swap(_ left: Int, _ right: Int) {
        guard left != right else { return }
        let block = items[left]
        items[left] = items[right]
        items[right] = block
        places[items[left].index] = UInt32(left)
        places[block.index] = UInt32(right)
    }

    func checkInvariants() {
        for (place, block) in items.enumerated() {
            precondition(Int(places[block.index]) == place, "block \(block) is elsewhere")
        }
        precondition(places.count { $0 != Self.absent } == items.count, "a place is stale")
        precondition(apartCount <= items.count, "more stand apart than there are")
    }
}

/// A bijection of 64 bits under which close numbers are far apart (the finaliser of SplitMix64).
func mixed(_ value: UInt64) -> UInt64 {
    var bits = value &+ 0x9E37_79B9_7F4A_7C15
    bits = (bits ^ bits >> 30) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
    return bits ^ bits >> 31
}
