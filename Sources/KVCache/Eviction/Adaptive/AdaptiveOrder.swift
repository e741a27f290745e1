/// The `adaptive` policy: gives up the block that is worth least for the room it takes, as learned
/// from what became of others, and follows LRU until that is shown to be better.
///
/// A block is worth its hit density given its age and its class (`ReuseModel`); the victim is the
/// least of a sample of candidates. What is learned comes from a sample of keys (`ReuseMonitor`),
/// and so does the choice between the model and LRU. Each block has 8 bytes of history and 8 as a
/// candidate, and the uses of blocks that were given up are remembered in 24.
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
    private var clock: UInt32 = 0
    private var removals: UInt64 = 0

    init(blockCount: Int) {
        histories = Array(repeating: History(), count: blockCount)
        candidates = CandidateSet(blockCount: blockCount)
        monitor = ReuseMonitor(capacity: blockCount - 1)
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
        note(block, history, hash, use)
    }

    /// A registered block is used again.
    mutating func accessed(_ block: BlockID, _ use: BlockUse) {
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
    mutating func freed(_ key: BlockKey) { monitor.noteRelease(mixed(key.low)) }

    /// A block that is no candidate is no longer registered.
    mutating func removed(_ block: BlockID, _ key: BlockKey, evicted: Bool) {
        removals &+= 1
        if evicted { memory.remember(mixed(key.low), uses: histories[block.index].uses) }
    }

    /// The candidate that goes next; nil when there is none, and when LRU decides.
    ///
    /// - Complexity: O(1), `KVCacheLimits.evictionSamples` candidates.
    func victim() -> BlockID? {
        guard monitor.prefersModel else { return nil }
        return ReuseMonitor.leastValuable(of: candidates.count, draw: removals) { place in
            let history = histories[candidates.items[place].index]
            let age = clock &- history.last
            return (monitor.model.value(history.reuseClass, age: age), age)
        }.map { candidates.items[$0] }
    }

    mutating func offer(_ block: BlockID) { candidates.insert(block) }

    mutating func withdraw(_ block: BlockID) { candidates.remove(block) }

    /// Bytes that grow with the blocks, and up to a bound those of the monitor.
    var bytes: Int {
        histories.count * (MemoryLayout<History>.stride + 8) + 4 * memory.entries.count
            + monitor.bytes
    }

    func checkInvariants() {
        candidates.checkInvariants()
        monitor.checkInvariants()
    }
}
