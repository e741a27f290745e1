/// Blocks in no order, so that any of them is found by a number: a set with O(1) for everything.
/// 8 bytes a block.
struct CandidateSet: Sendable {
    private(set) var items: [BlockID] = []
    private(set) var places: [UInt32]
    private static let absent = UInt32.max

    /// An empty set over the blocks below `blockCount`.
    init(blockCount: Int) {
        places = Array(repeating: Self.absent, count: blockCount)
        items.reserveCapacity(blockCount)
    }

    var count: Int { items.count }

    func contains(_ block: BlockID) -> Bool { places[block.index] != Self.absent }

    mutating func insert(_ block: BlockID) {
        precondition(!contains(block), "block \(block) is a candidate already")
        places[block.index] = UInt32(items.count)
        items.append(block)
    }

    mutating func remove(_ block: BlockID) {
        precondition(contains(block), "block \(block) is no candidate")
        let place = Int(places[block.index])
        let last = items.removeLast()
        if last != block {
            items[place] = last
            places[last.index] = UInt32(place)
        }
        places[block.index] = Self.absent
    }

    /// Traps unless every block stands where the set says.
    func checkInvariants() {
        for (place, block) in items.enumerated() {
            precondition(Int(places[block.index]) == place, "block \(block) is elsewhere")
        }
        precondition(places.count { $0 != Self.absent } == items.count, "a place is stale")
    }
}

/// A bijection of 64 bits under which close numbers are far apart (the finaliser of SplitMix64).
func mixed(_ value: UInt64) -> UInt64 {
    var bits = value &+ 0x9E37_79B9_7F4A_7C15
    bits = (bits ^ bits >> 30) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
    return bits ^ bits >> 31
}
