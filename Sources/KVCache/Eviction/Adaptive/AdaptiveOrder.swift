/// The `adaptive` policy: gives up the block that is worth least for the room it takes, as learned
/// from what became of others, and departs from LRU as far as it has earned.
///
/// A block is worth its hit density given its age and its class (`ReuseModel`); the victim is the
/// least of a sample of candidates. What is learned comes from a sample of keys (`ReuseMonitor`).
/// Beside the cache runs LRU itself (`LRUTwin`), which says what was won and lost against it. A
/// block that LRU would have given up may go at any time; one that LRU would keep only while the
/// account allows for another.
///
/// Each block has 8 bytes of history, 8 as a candidate and 21 for LRU; the uses of blocks that
/// were given up are remembered in 8.
struct AdaptiveOrder: Sendable {
    /// What is known of a block.
    struct History: Sendable {
        /// When it was used last, in uses of blocks.
        var last: UInt32 = 0
        /// How often it was used, up to 255.
        var uses: UInt8 = 0
        /// How often it was used, and before that the prefix that it continues.
        var turns: UInt8 = 0
        /// Blocks that were stored as continuing it, as far as they are counted.
        var branches: UInt8 = 0
        var reuseClass: UInt8 = 0
    }

    private(set) var histories: [History]
    private(set) var candidates: CandidateSet
    private(set) var monitor: ReuseMonitor
    private(set) var memory: UseMemory
    private(set) var twin: LRUTwin
    private var clock: UInt32 = 0
    private var removals: UInt64 = 0

    init(blockCount: Int) {
        histories = Array(repeating: History(), count: blockCount)
        candidates = CandidateSet(blockCount: blockCount)
        monitor = ReuseMonitor(capacity: blockCount - 1)
        twin = LRUTwin(blockCount: blockCount)
        memory = UseMemory(capacity: (blockCount - 1) * KVCacheLimits.rememberedUses)
    }

    /// A block is registered.
    mutating func inserted(_ block: BlockID, _ use: BlockUse) {
        let hash = mixed(use.key.low)
        var history = History()
        history.uses = memory.take(hash)
        history.turns = history.uses
        if use.parent != .null {
            let parent = histories[use.parent.index]
            if parent.branches <= KVCacheLimits.conversationBranches {
                histories[use.parent.index].branches += 1
                // Its turns count this one already.
                history.turns = max(history.turns, max(1, parent.turns) - 1)
            }
        }
        twin.inserted(block, hash)
        settle()
        note(block, history, hash, use)
    }

    /// A registered block is used again.
    mutating func accessed(_ block: BlockID, _ use: BlockUse) {
        twin.accessed(block)
        settle()
        note(block, histories[block.index], mixed(use.key.low), use)
    }

    private mutating func note(
        _ block: BlockID, _ before: History, _ hash: UInt64, _ use: BlockUse
    ) {
        clock &+= 1
        var history = before
        if history.uses < .max { history.uses += 1 }
        if history.turns < .max { history.turns += 1 }
        history.last = clock
        history.reuseClass = ReuseClass.of(
            uses: history.uses, turns: history.turns, isPartial: use.isPartial)
        histories[block.index] = history
        monitor.note(hash, history.reuseClass, now: clock)
    }

    /// A block has lost its last reference: LRU counts from here.
    mutating func freed(_ block: BlockID) {
        twin.freed(block)
        settle()
    }

    /// Takes from the twin what LRU gives up now.
    private mutating func settle() {
        while let block = twin.overflow() {
            if candidates.contains(block) { candidates.setApart(block) }
        }
    }

    /// A block that is no candidate is no longer registered.
    mutating func removed(_ block: BlockID, _ key: BlockKey, evicted: Bool) {
        removals &+= 1
        let hash = mixed(key.low)
        twin.removed(block, hash, evicted: evicted)
        if evicted { memory.remember(hash, uses: histories[block.index].uses) }
    }

    /// The candidate that goes next; nil when LRU decides.
    ///
    /// Where nothing more may be staked, it is one that LRU has given up already, or the one that
    /// LRU gives up now, which costs nothing either.
    ///
    /// - Complexity: O(1), `KVCacheLimits.evictionSamples` candidates.
    func victim() -> BlockID? {
        let mayStake = twin.mayStake
        let count = mayStake ? candidates.count : candidates.apartCount
        let place = Self.leastValuable(of: count, draw: removals) { worth(candidates.items[$0]) }
        guard let block = place.map({ candidates.items[$0] }) else { return nil }
        guard !mayStake, let oldest = twin.oldestBlock, candidates.contains(oldest),
            worth(oldest).value < worth(block).value
        else { return block }
        return oldest
    }

    /// What a block is worth to keep, and its age.
    private func worth(_ block: BlockID) -> (value: Float, age: UInt32) {
        let history = histories[block.index]
        let age = clock &- history.last
        return (monitor.model.value(history.reuseClass, age: age), age)
    }

    /// The place of the least valuable of `count` things, and of equals the oldest: of all of them
    /// when they are few, and else of a sample.
    ///
    /// - Parameter draw: what the sample depends on.
    static func leastValuable(
        of count: Int, draw: UInt64, _ value: (Int) -> (Float, UInt32)
    ) -> Int? {
        let tries = min(count, KVCacheLimits.evictionSamples)
        var state = mixed(draw)
        var best: (place: Int, value: Float, age: UInt32)?
        for index in 0..<tries {
            var place = index
            if count > tries {
                state = state &* 0x5851_F42D_4C95_7F2D &+ 0x1405_7B7E_F767_814F
                place = Int(state.multipliedFullWidth(by: UInt64(count)).high)
            }
            let (worth, age) = value(place)
            if let least = best {
                guard worth < least.value || (worth == least.value && age > least.age) else {
                    continue
                }
            }
            best = (place, worth, age)
        }
        return best?.place
    }

    mutating func offer(_ block: BlockID) {
        candidates.insert(block, isApart: !twin.holds(block))
    }

    mutating func withdraw(_ block: BlockID) { candidates.remove(block) }

    /// Bytes that grow with the blocks, and up to a bound those of the monitor.
    var bytes: Int {
        histories.count * (MemoryLayout<History>.stride + 8) + 2 * memory.entries.count
            + twin.bytes + monitor.bytes
    }

    func checkInvariants() {
        candidates.checkInvariants()
        twin.checkInvariants()
        for (place, block) in candidates.items.enumerated() {
            precondition(twin.holds(block) == (place >= candidates.apartCount), "a stale part")
        }
        monitor.checkInvariants()
    }
}
