@testable import KVCache

/// The `adaptive` policy with plain lists, for caches so small that all candidates are compared.
///
/// What is learned is `ReuseModel`'s business, which has a test of its own, and what may be put at
/// stake that of `EvictionAccount`.
struct ReferenceAdaptive: ReferencePolicy {
    private struct Entry {
        var last: UInt32
        var uses: UInt8
        var reuseClass: UInt8
    }

    private let capacity: Int
    private var blocks: [UInt64: Entry] = [:]
    private var clock: UInt32 = 0
    private var memory: UseMemory
    private(set) var monitor: ReferenceMonitor
    /// The keys that LRU would hold, the last use last.
    private var lru: [UInt64] = []
    private var account = EvictionAccount()

    init(capacity: Int) {
        precondition(capacity <= KVCacheLimits.evictionSamples, "some would be drawn")
        self.capacity = capacity
        memory = UseMemory(capacity: KVCacheLimits.rememberedUses * capacity)
        monitor = ReferenceMonitor(capacity: capacity)
    }

    mutating func access(_ key: UInt64) -> Bool {
        let known = blocks[key]
        if known == nil, blocks.count == capacity { evict() }
        let before = known?.uses ?? memory.take(mixed(key))
        clock += 1
        let uses = before < 255 ? before + 1 : 255
        let reuseClass = ReuseClass.of(uses: uses, turns: uses, isPartial: false)
        blocks[key] = Entry(last: clock, uses: uses, reuseClass: reuseClass)
        count(key, isHit: known != nil)
        monitor.note(mixed(key), reuseClass, now: clock)
        return known != nil
    }

    private mutating func count(_ key: UInt64, isHit: Bool) {
        let place = lru.firstIndex(of: key)
        switch (isHit, place != nil) {
        case (true, true): account.noteHit(resident: blocks.count)
        case (true, false): account.noteWin(resident: blocks.count)
        case (false, true): account.noteLoss(resident: blocks.count)
        case (false, false): break
        }
        if let place { lru.remove(at: place) }
        lru.append(key)
        guard lru.count > blocks.count else { return }
        account.notePassed()
        if blocks[lru.removeFirst()] == nil { account.noteHarmless(resident: blocks.count) }
    }

    private mutating func evict() {
        let ghosts = lru.count { blocks[$0] == nil }
        let isFull = ghosts >= KVCacheLimits.ghostRoom(blockCount: capacity + 1)
        var candidates = blocks
        if isFull || !account.allows(ghosts, resident: blocks.count) {
            candidates = blocks.filter { !lru.contains($0.key) }
            // What LRU gives up now costs nothing either.
            if !candidates.isEmpty, let oldest = lru.first, let block = blocks[oldest] {
                candidates[oldest] = block
            }
        }
        let victim =
            candidates.min { a, b in
                let left = monitor.model.value(a.value.reuseClass, age: clock - a.value.last)
                let right = monitor.model.value(b.value.reuseClass, age: clock - b.value.last)
                return (left, a.value.last) < (right, b.value.last)
            } ?? blocks.min { $0.value.last < $1.value.last }
        guard let victim else { return }
        memory.remember(mixed(victim.key), uses: victim.value.uses)
        blocks[victim.key] = nil
        guard victim.key == lru.first else { return }
        lru.removeFirst()
        account.notePassed()
    }
}

/// The monitor as a list of all that was used, the last use last. It watches every key.
struct ReferenceMonitor {
    private struct Entry {
        var hash: UInt64
        var last: UInt32
        var reuseClass: UInt8
    }

    private(set) var model = ReuseModel()
    private var entries: [Entry] = []
    private let most: Int
    private var nextFit: UInt32 = 128

    init(capacity: Int) { most = 64 * capacity }

    mutating func note(_ hash: UInt64, _ reuseClass: UInt8, now: UInt32) {
        if let place = entries.firstIndex(where: { $0.hash == hash }) {
            let entry = entries.remove(at: place)
            model.noteReuse(entry.reuseClass, age: now - entry.last)
        } else if entries.count == most {
            let entry = entries.removeFirst()
            model.noteLoss(entry.reuseClass, age: now - entry.last)
        }
        entries.append(Entry(hash: hash, last: now, reuseClass: reuseClass))
        guard now >= nextFit else { return }
        for entry in entries { model.noteWatched(entry.reuseClass, age: now - entry.last) }
        model.refit()
        nextFit = now + min(UInt32(max(1, most / 8)), max(128, now / 16))
    }
}
