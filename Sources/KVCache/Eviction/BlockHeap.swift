/// Blocks by rank, the least first: a binary heap that knows where each block stands, so that any
/// block leaves it in O(log n). 8 bytes a block.
package struct BlockHeap: Sendable {
    private var items: [BlockID] = []
    private(set) var places: [UInt32]
    private static let absent = UInt32.max

    /// An empty heap over the blocks below `blockCount`.
    package init(blockCount: Int) {
        places = Array(repeating: Self.absent, count: blockCount)
        items.reserveCapacity(blockCount)
    }

    /// How many blocks are in it.
    package var count: Int { items.count }

    /// The block of the least rank.
    package var first: BlockID? { items.first }

    /// Whether a block is in it.
    package func contains(_ block: BlockID) -> Bool { places[block.index] != Self.absent }

    /// Adds a block that is not there. O(log count).
    package mutating func insert(_ block: BlockID, _ ranks: BlockRanks) {
        precondition(!contains(block), "block \(block) is in the heap already")
        items.append(block)
        places[block.index] = UInt32(items.count - 1)
        rise(items.count - 1, ranks)
    }

    /// Removes a block that is there; its rank must still be the one it was inserted with. O(log
    /// count).
    package mutating func remove(_ block: BlockID, _ ranks: BlockRanks) {
        let place = Int(places[block.index])
        precondition(contains(block), "block \(block) is not in the heap")
        places[block.index] = Self.absent
        let last = items.removeLast()
        guard last != block else { return }
        items[place] = last
        places[last.index] = UInt32(place)
        rise(place, ranks)
        sink(Int(places[last.index]), ranks)
    }

    private mutating func rise(_ start: Int, _ ranks: BlockRanks) {
        var place = start
        let item = items[place]
        while place > 0 {
            let parent = (place - 1) / 2
            guard ranks.precedes(item, items[parent]) else { break }
            move(items[parent], to: place)
            place = parent
        }
        move(item, to: place)
    }

    private mutating func sink(_ start: Int, _ ranks: BlockRanks) {
        var place = start
        let item = items[place]
        while true {
            var child = 2 * place + 1
            guard child < items.count else { break }
            if child + 1 < items.count, ranks.precedes(items[child + 1], items[child]) {
                child += 1
            }
            guard ranks.precedes(items[child], item) else { break }
            move(items[child], to: place)
            place = child
        }
        move(item, to: place)
    }

    private mutating func move(_ block: BlockID, to place: Int) {
        items[place] = block
        places[block.index] = UInt32(place)
    }

    /// Traps unless every block stands where the heap says and no child precedes its parent.
    func checkInvariants(_ ranks: BlockRanks) {
        for (place, item) in items.enumerated() {
            precondition(Int(places[item.index]) == place, "block \(item) is elsewhere")
            precondition(
                place == 0 || !ranks.precedes(item, items[(place - 1) / 2]), "the heap is unsorted")
        }
        precondition(places.count { $0 != Self.absent } == items.count, "a place is stale")
    }
}

/// What orders the blocks of a heap: a rank, and among equals the time since which they wait.
package struct BlockRanks: Sendable {
    /// The rank of each block.
    package var values: [UInt64]
    /// Since when each block waits. Empty when ranks are never equal.
    package var stamps: [UInt64]

    /// Equal ranks for the blocks below `blockCount`.
    package init(blockCount: Int, withStamps: Bool) {
        values = Array(repeating: 0, count: blockCount)
        stamps = withStamps ? values : []
    }

    func precedes(_ left: BlockID, _ right: BlockID) -> Bool {
        let a = values[left.index]
        let b = values[right.index]
        guard a == b, !stamps.isEmpty else { return a < b }
        return stamps[left.index] < stamps[right.index]
    }
}
