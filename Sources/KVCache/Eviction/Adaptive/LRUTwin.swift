/// What the same cache would hold under LRU, key by key, and what was won and lost against it.
///
/// It holds as many keys as the cache holds blocks. Of these, the *ghosts* are no longer in the
/// cache: the policy gave them up before LRU would have. For each there is a block that LRU would
/// have given up. A ghost that is asked for is a hit lost, such a block a hit won; a ghost that
/// LRU lets go of as well has cost nothing.
///
/// ```
/// oldest <-> block <-> ghost <-> block <-> ... <-> newest
/// ```
///
/// Ghosts are all that the past can still cost: a policy that follows LRU from now on makes none,
/// and loses each of them once at most. So `EvictionAccount` bounds them. 21 bytes a block.
struct LRUTwin: Sendable {
    private static let none = UInt32.max
    /// The link of a block that it does not hold.
    private static let apart = UInt32.max - 1

    /// Links of blocks, then those of ghosts.
    private var older: [UInt32]
    private var newer: [UInt32]
    private var oldest = none
    private var newest = none
    private(set) var count = 0
    private let blockCount: Int
    private(set) var ghosts: GhostTable
    /// Blocks that the cache holds.
    private(set) var resident = 0
    private(set) var account = EvictionAccount()

    init(blockCount: Int) {
        self.blockCount = blockCount
        ghosts = GhostTable(capacity: KVCacheLimits.ghostRoom(blockCount: blockCount))
        older = Array(repeating: Self.apart, count: blockCount + ghosts.capacity)
        newer = older
    }

    /// Whether LRU would hold a block that the cache holds.
    func holds(_ block: BlockID) -> Bool { older[block.index] != Self.apart }

    /// Whether another block may be given up that LRU would keep.
    var mayStake: Bool { !ghosts.isFull && account.allows(ghosts.count, resident: resident) }

    /// A block is stored: a miss, and under LRU a hit if its key is a ghost.
    mutating func inserted(_ block: BlockID, _ hash: UInt64) {
        resident += 1
        if let ghost = ghosts.take(hash) {
            unlink(blockCount + ghost)
            account.noteLoss(resident: resident)
        }
        link(block.index)
    }

    /// A block is used again: a hit, and under LRU a miss if it holds it no longer.
    mutating func accessed(_ block: BlockID) {
        if holds(block) {
            account.noteHit(resident: resident)
        } else {
            account.noteWin(resident: resident)
        }
        renew(block)
    }

    /// LRU gives up first what was released first.
    mutating func freed(_ block: BlockID) { renew(block) }

    private mutating func renew(_ block: BlockID) {
        if holds(block) { unlink(block.index) }
        link(block.index)
    }

    /// A block leaves the cache. Evicted, it is a ghost as long as LRU would hold it.
    mutating func removed(_ block: BlockID, _ hash: UInt64, evicted: Bool) {
        resident -= 1
        guard holds(block) else { return }
        // The oldest of all: LRU gives it up as well.
        if evicted, Int(oldest) == block.index {
            unlink(block.index)
            account.notePassed()
        } else if evicted, let ghost = ghosts.insert(hash) {
            replace(block.index, by: blockCount + ghost)
        } else {
            unlink(block.index)
        }
    }

    /// The block that LRU would give up next; nil where that is a ghost.
    var oldestBlock: BlockID? {
        Int(oldest) < blockCount ? BlockID(oldest) : nil
    }

    /// Makes it as small as the cache: a block that it lets go of now; nil when it is.
    mutating func overflow() -> BlockID? {
        while count > resident {
            let node = Int(oldest)
            unlink(node)
            account.notePassed()
            guard node >= blockCount else { return BlockID(UInt32(node)) }
            ghosts.remove(node - blockCount)
            account.noteHarmless(resident: resident)
        }
        return nil
    }
}

// MARK: - The order

extension LRUTwin {
    private mutating func link(_ node: Int) {
        older[node] = newest
        newer[node] = Self.none
        if newest == Self.none { oldest = UInt32(node) } else { newer[Int(newest)] = UInt32(node) }
        newest = UInt32(node)
        count += 1
    }

    private mutating func unlink(_ node: Int) {
        let (before, after) = (older[node], newer[node])
        if before == Self.none { oldest = after } else { newer[Int(before)] = after }
        if after == Self.none { newest = before } else { older[Int(after)] = before }
        older[node] = Self.apart
        count -= 1
    }

    private mutating func replace(_ node: Int, by other: Int) {
        let (before, after) = (older[node], newer[node])
        (older[other], newer[other]) = (before, after)
        let link = UInt32(other)
        if before == Self.none { oldest = link } else { newer[Int(before)] = link }
        if after == Self.none { newest = UInt32(other) } else { older[Int(after)] = UInt32(other) }
        older[node] = Self.apart
    }

    /// Bytes of the arrays.
    var bytes: Int { 8 * older.count + ghosts.bytes }

    /// Traps unless links and counts agree.
    func checkInvariants() {
        var node = oldest
        var before = Self.none
        var seen = (all: 0, ghosts: 0)
        while node != Self.none {
            precondition(older[Int(node)] == before, "the order is broken")
            seen.all += 1
            if Int(node) >= blockCount { seen.ghosts += 1 }
            before = node
            node = newer[Int(node)]
        }
        precondition(before == newest && seen.all == count, "a key is lost")
        precondition(seen.ghosts == ghosts.count, "a ghost is lost")
    }
}
