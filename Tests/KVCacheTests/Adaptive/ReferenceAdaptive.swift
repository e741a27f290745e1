@testable import KVCache

/// The `adaptive` policy with plain lists, for caches so small that all candidates are compared.
///
/// What is learned is `ReuseModel`'s business, which has a test of its own.
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
        monitor.note(mixed(key), reuseClass, now: clock)
        return known != nil
    }

    private mutating func evict() {
        let victim = blocks.min { a, b in
            guard monitor.prefersModel else { return a.value.last < b.value.last }
            let left = monitor.model.value(a.value.reuseClass, age: clock - a.value.last)
            let right = monitor.model.value(b.value.reuseClass, age: clock - b.value.last)
            return (left, a.value.last) < (right, b.value.last)
        }
        guard let victim else { return }
        memory.remember(mixed(victim.key), uses: victim.value.uses)
        blocks[victim.key] = nil
    }
}

/// The monitor as a list of all that was used, the last use last. It watches every key.
struct ReferenceMonitor {
    private struct Entry {
        var hash: UInt64
        var last: UInt32
        var reuseClass: UInt8
        var isInModel: Bool
    }

    private(set) var model = ReuseModel()
    private(set) var prefersModel = false
    private var entries: [Entry] = []
    private let capacity: Int
    private let most: Int
    private var nextFit: UInt32 = 128
    private var recent: Float = 0
    private var leads: (lru: Float, model: Float) = (0, 0)

    init(capacity: Int) {
        self.capacity = capacity
        most = 64 * capacity
    }

    mutating func note(_ hash: UInt64, _ reuseClass: UInt8, now: UInt32) {
        var isInModel = false
        if let place = entries.firstIndex(where: { $0.hash == hash }) {
            let entry = entries.remove(at: place)
            model.noteReuse(entry.reuseClass, age: now - entry.last)
            let isInLRU = place >= entries.count + 1 - capacity
            isInModel = entry.isInModel
            if isInLRU != isInModel {
                if isInModel { leads.model += 1 } else { leads.lru += 1 }
                recent = min(0, recent * 0.99 + (isInModel ? 1 : -1))
                if prefersModel, recent < -30 {
                    prefersModel = false
                    leads = (0, 0)
                }
            }
        } else if entries.count == most {
            let entry = entries.removeFirst()
            model.noteLoss(entry.reuseClass, age: now - entry.last)
        }
        if !isInModel { makeRoom(now) }
        entries.append(
            Entry(hash: hash, last: now, reuseClass: reuseClass, isInModel: true))
        guard now >= nextFit else { return }
        for entry in entries { model.noteWatched(entry.reuseClass, age: now - entry.last) }
        model.refit()
        let lead = leads.model - leads.lru
        if prefersModel {
            prefersModel = lead >= 0
        } else {
            prefersModel = lead > 0 && lead * lead > 9 * (leads.model + leads.lru + 1)
            if prefersModel { recent = 0 }
        }
        leads = (leads.lru * 0.97, leads.model * 0.97)
        nextFit = now + min(UInt32(max(1, most / 8)), max(128, now / 16))
    }

    private mutating func makeRoom(_ now: UInt32) {
        let held = entries.indices.filter { entries[$0].isInModel }
        guard held.count >= capacity else { return }
        func worth(_ place: Int) -> (Float, UInt32) {
            let entry = entries[place]
            return (model.value(entry.reuseClass, age: now - entry.last), entry.last)
        }
        if let worst = held.min(by: { worth($0) < worth($1) }) { entries[worst].isInModel = false }
    }
}
