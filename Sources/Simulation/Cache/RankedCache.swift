import KVCache

/// A cache under one of the policies that the engine does not have: `length` and `belady`.
struct RankedCache: ReplayedCache {
    enum Rule {
        /// Least (uses, minus position when stored, last use) first.
        case length
        /// Furthest next use first, given the next use of every use.
        case furthest(nextUses: [Int])
    }

    private static let none = UInt32.max
    /// Uses stand above positions in a rank.
    private static let oneUse: UInt64 = 1 << 32

    private let rule: Rule
    /// The unheld blocks, who goes first foremost.
    private var candidates: BlockHeap
    private var ranks: BlockRanks
    private var clock: UInt64 = 0
    /// How many blocks hold something: the first ones.
    private var used = 0
    private let capacity: Int
    /// How many hold each block.
    private var holds: [UInt32]
    /// The block that holds each of the trace's, and what of the trace a block holds.
    private var homes: [UInt32]
    private var contents: [Int]

    /// - Parameter blockCount: how many different blocks the trace has.
    init(rule: Rule, capacity: Int, blockCount: Int) {
        self.rule = rule
        self.capacity = capacity
        candidates = BlockHeap(blockCount: capacity)
        ranks = BlockRanks(blockCount: capacity, withStamps: true)
        holds = Array(repeating: 0, count: capacity)
        homes = Array(repeating: Self.none, count: blockCount)
        contents = Array(repeating: 0, count: capacity)
    }

    func holds(_ use: BlockUse) -> Bool { homes[use.block] != Self.none }

    mutating func pin(_ use: BlockUse) {
        let home = Int(homes[use.block])
        if holds[home] == 0 { candidates.remove(BlockID(UInt32(home)), ranks) }
        holds[home] += 1
        switch rule {
        case .length: ranks.values[home] += Self.oneUse
        case .furthest(let nextUses): ranks.values[home] = .max - UInt64(nextUses[use.place])
        }
    }

    mutating func insert(_ use: BlockUse) -> Bool {
        guard let home = takeBlock() else { return false }
        homes[use.block] = UInt32(home)
        contents[home] = use.block
        holds[home] = 1
        switch rule {
        case .length: ranks.values[home] = 2 * Self.oneUse - 1 - UInt64(use.position)
        case .furthest(let nextUses): ranks.values[home] = .max - UInt64(nextUses[use.place])
        }
        return true
    }

    mutating func release(_ use: BlockUse) {
        let home = Int(homes[use.block])
        precondition(holds[home] > 0, "a block is released twice")
        holds[home] -= 1
        guard holds[home] == 0 else { return }
        clock += 1
        ranks.stamps[home] = clock
        candidates.insert(BlockID(UInt32(home)), ranks)
    }

    /// A block that holds nothing, or else the first candidate's; nil when there is none.
    private mutating func takeBlock() -> Int? {
        if used < capacity {
            used += 1
            return used - 1
        }
        guard let victim = candidates.first else { return nil }
        candidates.remove(victim, ranks)
        let home = Int(victim.rawValue)
        homes[contents[home]] = Self.none
        return home
    }
}
