/// The bookkeeping of one tier: which key has which slot, what may be forgotten, and in which
/// order.
///
/// A tier has a fixed number of slots, pages of memory or records of a file. A store and a load
/// each have two halves, because the bytes move in between:
///
/// ```
///            prepareStore             completeStore            prepareLoad
///  (absent) --------------> pending ---------------> idle <-------------------> pinned
///     ^                        | failed               |       completeLoad
///     +------------------------+----------------------+ evicted by a later prepareStore
/// ```
///
/// Only idle entries are ever evicted. A call that cannot have its room changes nothing.
///
/// Every operation is O(1) per key, but for the search past protected keys in `prepareStore`.
package struct TierSlots: Sendable {
    /// The result of `prepareStore`.
    package struct Store: Hashable, Sendable {
        /// The keys to write: those asked for that the tier does not have.
        package var keys: [TierKey] = []

        /// The slot of each key of `keys`.
        package var slots: [Int] = []

        /// What was forgotten to make room.
        package var evicted: [TierKey] = []
    }

    /// A change of what the tier holds.
    package enum Change: Hashable, Sendable {
        /// Blocks that can be loaded from now on.
        case stored([TierKey])
        /// Blocks that cannot be loaded any more.
        case removed([TierKey])
    }

    struct Entry: Hashable, Sendable {
        var slot: Int
        /// -1: being written; otherwise how many are reading it or keep it for later.
        var pins = -1

        var isReady: Bool { pins >= 0 }
    }

    /// Slots of the tier.
    package let capacity: Int

    private(set) var entries: [TierKey: Entry] = [:]
    private var recency: TierRecency
    /// Slots that were never used begin here.
    private var fresh = 0
    private var free: [Int] = []
    private var changes: [Change]?

    /// An empty tier.
    ///
    /// - Parameters:
    ///   - capacity: slots; 0 for a tier that is not there.
    ///   - policy: what is forgotten first.
    ///   - recordsChanges: whether `takeChanges()` has anything to say.
    package init(capacity: Int, policy: TierPolicy = .lru, recordsChanges: Bool = false) {
        precondition(capacity >= 0 && capacity <= KVCacheLimits.maxBlocks, "slots out of range")
        self.capacity = capacity
        recency = TierRecency(policy: policy, capacity: capacity)
        changes = recordsChanges ? [] : nil
    }

    /// Slots that hold a block, or are about to.
    package var usedCount: Int { entries.count }

    /// Slots whose block may not be forgotten now.
    package var pinnedCount: Int { entries.count - recency.idleCount }

    /// The blocks by their slots: an order that is the same in every process.
    ///
    /// - Complexity: O(n log n).
    var keys: [TierKey] { entries.sorted { $0.value.slot < $1.value.slot }.map(\.key) }

    /// The block that may be forgotten and was used the longest ago.
    var oldest: TierKey? { recency.oldest }

    /// Whether the tier has a block. It stays as likely to be forgotten as it was.
    package func lookup(_ key: TierKey) -> TierLookup {
        guard let entry = entries[key] else { return .miss }
        return entry.isReady ? .hit : .hitPending
    }

    /// The slot of a block that the tier has or is about to have.
    package func slot(of key: TierKey) -> Int? { entries[key]?.slot }

    /// Takes slots for those of the keys that the tier does not have yet.
    ///
    /// They are pending until `completeStore`. None of the keys asked for is forgotten to make
    /// room for another one.
    ///
    /// - Parameter keys: without duplicates.
    /// - Returns: nil if the slots that may be freed are too few; nothing has changed then.
    package mutating func prepareStore(_ keys: [TierKey]) -> Store? {
        var store = Store()
        store.keys = keys.filter { entries[$0] == nil }
        let missing = store.keys.count - (capacity - entries.count)
        if missing > 0 {
            guard let evicted = recency.victims(missing, except: keys, storing: store.keys) else {
                return nil
            }
            for key in evicted { forget(key, asVictim: true) }
            store.evicted = evicted
            changes?.append(.removed(evicted))
        }
        for key in store.keys {
            let slot = takeSlot()
            entries[key] = Entry(slot: slot)
            recency.insert(key)
            store.slots.append(slot)
        }
        return store
    }

    /// Ends stores: the blocks can be loaded, or, without success, are forgotten. Keys that are
    /// not being stored are passed over.
    ///
    /// The last key is the last to be forgotten.
    package mutating func completeStore(_ keys: [TierKey], success: Bool = true) {
        var done: [TierKey] = []
        for key in keys {
            guard let entry = entries[key], !entry.isReady else { continue }
            if success {
                entries[key]?.pins = 0
                recency.becomeIdle(key)
                done.append(key)
            } else {
                forget(key, asVictim: false)
            }
        }
        if !done.isEmpty { changes?.append(.stored(done)) }
    }

    /// Keeps blocks from being forgotten until `completeLoad`, which is called as often.
    ///
    /// - Parameter keys: blocks that the tier has: `lookup` said `.hit`.
    /// - Returns: the slot of each key, in their order.
    package mutating func prepareLoad(_ keys: [TierKey]) -> [Int] {
        keys.map { key in
            guard let entry = entries[key], entry.isReady else {
                preconditionFailure("a load of a block that the tier does not have")
            }
            if entry.pins == 0 { recency.becomePinned(key) }
            entries[key]?.pins += 1
            return entry.slot
        }
    }

    /// Ends loads. The last key is the last to be forgotten.
    package mutating func completeLoad(_ keys: [TierKey]) {
        for key in keys {
            guard let entry = entries[key], entry.pins > 0 else {
                preconditionFailure("the end of a load that did not begin")
            }
            entries[key]?.pins -= 1
            if entry.pins == 1 { recency.becomeIdle(key) }
        }
    }

    /// Says that blocks are of use: they will be forgotten last, the first key last of all, so
    /// that a chain loses its tail first.
    package mutating func touch(_ keys: [TierKey]) {
        for key in keys.reversed() where entries[key] != nil { recency.touch(key) }
    }

    /// Forgets an idle block, for instance one whose bytes proved damaged. False if it is not
    /// there or not idle.
    @discardableResult
    package mutating func remove(_ key: TierKey) -> Bool {
        guard let entry = entries[key], entry.pins == 0 else { return false }
        forget(key, asVictim: false)
        changes?.append(.removed([key]))
        return true
    }

    /// Forgets all that is idle. Blocks that are moving stay until they have moved.
    package mutating func removeAll() {
        let idle = keys.filter { entries[$0]?.pins == 0 }
        guard !idle.isEmpty else { return }
        for key in idle { forget(key, asVictim: false) }
        changes?.append(.removed(idle))
    }

    /// What changed since the last call, in order: a removal comes before the store that uses its
    /// room again.
    package mutating func takeChanges() -> [Change] {
        defer { if changes != nil { changes = [] } }
        return changes ?? []
    }

    /// Enters blocks that an empty tier holds already.
    ///
    /// - Returns: the keys that were entered: those with a slot of the tier that no other has.
    mutating func restore(_ blocks: [(key: TierKey, slot: Int)]) -> [TierKey] {
        precondition(entries.isEmpty && fresh == 0, "only an empty tier is restored")
        var taken: Set<Int> = []
        var entered: [TierKey] = []
        for (key, slot) in blocks where slot >= 0 && slot < capacity && entries[key] == nil {
            guard taken.insert(slot).inserted else { continue }
            entries[key] = Entry(slot: slot, pins: 0)
            recency.becomeIdle(key)
            entered.append(key)
        }
        fresh = (taken.max() ?? -1) + 1
        free = (0..<fresh).reversed().filter { !taken.contains($0) }
        return entered
    }

    private mutating func takeSlot() -> Int {
        if fresh < capacity {
            fresh += 1
            return fresh - 1
        }
        guard let slot = free.popLast() else { preconditionFailure("more keys than slots") }
        return slot
    }

    private mutating func forget(_ key: TierKey, asVictim: Bool) {
        guard let entry = entries.removeValue(forKey: key) else {
            preconditionFailure("a key without a slot")
        }
        recency.remove(key, asVictim: asVictim)
        free.append(entry.slot)
    }
}

extension TierSlots {
    /// Traps unless every slot has at most one key and the counts agree.
    ///
    /// - Complexity: O(capacity): for tests.
    package func checkInvariants() {
        precondition(entries.count <= capacity, "more keys than slots")
        var taken = Set(free)
        precondition(taken.count == free.count, "a slot is free twice")
        for entry in entries.values {
            precondition(entry.slot >= 0 && entry.slot < fresh, "a slot that was never given")
            precondition(taken.insert(entry.slot).inserted, "a slot has two uses")
        }
        precondition(taken.count == fresh, "a slot is lost")
        let idle = entries.filter { $0.value.pins == 0 }
        precondition(idle.count == recency.idleCount, "the idle ones do not add up")
        recency.checkInvariants(idle: Set(idle.keys), all: Set(entries.keys))
    }
}
