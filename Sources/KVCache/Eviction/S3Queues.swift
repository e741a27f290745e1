/// The two queues and the ghosts of S3-FIFO (Yang et al., "FIFO queues are all you need for cache
/// eviction", SOSP 2023).
///
/// A new block enters the small queue, or the main one when its key is among the ghosts. At the
/// small queue's head a block that was used since it entered moves to the main queue, its uses
/// forgotten; one that was not is given up and becomes a ghost. At the main queue's head a block
/// that was used goes to the end with one use less. The queues are ordered by the ranks of their
/// blocks, which grow; they hold candidates only, while the counts are of all blocks.
struct S3Queues: Sendable {
    enum Choice {
        /// Give it up.
        case evict(BlockID)
        /// It stays: it must be given a new rank and `spare`d.
        case again(BlockID)
    }

    /// Uses are counted up to this.
    static let mostUses: UInt8 = 3

    private(set) var small: BlockHeap
    private(set) var main: BlockHeap
    /// The uses of each block, and in the highest bit whether it is in the main queue.
    private(set) var states: [UInt8]
    private static let mainBit: UInt8 = 0x80
    private var smallCount = 0
    private let smallTarget: Int
    private(set) var ghosts: GhostKeys

    init(blockCount: Int) {
        let capacity = max(1, blockCount - 1)
        small = BlockHeap(blockCount: blockCount)
        main = small
        states = Array(repeating: 0, count: blockCount)
        smallTarget = max(1, capacity / KVCacheLimits.s3SmallShare)
        ghosts = GhostKeys(capacity: capacity - smallTarget)
    }

    private func isMain(_ block: BlockID) -> Bool { states[block.index] & Self.mainBit != 0 }

    private func uses(_ block: BlockID) -> UInt8 { states[block.index] & ~Self.mainBit }

    mutating func inserted(_ block: BlockID, _ key: BlockKey) {
        states[block.index] = ghosts.remove(key) ? Self.mainBit : 0
        if !isMain(block) { smallCount += 1 }
    }

    mutating func accessed(_ block: BlockID) {
        if uses(block) < Self.mostUses { states[block.index] += 1 }
    }

    mutating func offer(_ block: BlockID, _ ranks: BlockRanks) {
        if isMain(block) { main.insert(block, ranks) } else { small.insert(block, ranks) }
    }

    mutating func withdraw(_ block: BlockID, _ ranks: BlockRanks) {
        if isMain(block) { main.remove(block, ranks) } else { small.remove(block, ranks) }
    }

    func contains(_ block: BlockID) -> Bool {
        isMain(block) ? main.contains(block) : small.contains(block)
    }

    mutating func removed(_ block: BlockID, _ key: BlockKey, evicted: Bool) {
        guard !isMain(block) else { return }
        smallCount -= 1
        if evicted { ghosts.insert(key) }
    }

    func choose() -> Choice? {
        let prefersSmall = smallCount >= smallTarget
        guard let block = prefersSmall ? small.first ?? main.first : main.first ?? small.first
        else { return nil }
        return uses(block) > 0 ? .again(block) : .evict(block)
    }

    /// Lets a block that was `again` and withdrawn queue again, under a new rank.
    mutating func spare(_ block: BlockID, _ ranks: BlockRanks) {
        if isMain(block) {
            states[block.index] -= 1
        } else {
            states[block.index] = Self.mainBit
            smallCount -= 1
        }
        main.insert(block, ranks)
    }

    func checkInvariants(_ ranks: BlockRanks) {
        small.checkInvariants(ranks)
        main.checkInvariants(ranks)
    }
}
