/// Watches a sample of all keys, in the cache or not: what the model learns from.
///
/// A key is in the sample when its hash is small enough, so that of a sampled key every use is
/// seen. Entries are in order of their last use. At most `KVCacheLimits.monitoredKeys` of 28 bytes.
struct ReuseMonitor: Sendable {
    struct Entry: Sendable {
        var hash: UInt64 = 0
        var last: UInt32 = 0
        var older = ReuseMonitor.none
        var newer = ReuseMonitor.none
        var nextInBucket = ReuseMonitor.none
        var reuseClass: UInt8 = 0
    }

    static let none = UInt32.max

    private(set) var model = ReuseModel()
    private(set) var entries: [Entry]
    private var count = 0
    private var heads: [UInt32]
    private(set) var oldest = none
    private(set) var newest = none
    private let threshold: UInt64
    private let period: UInt32
    private var nextFit: UInt32

    /// A monitor for a cache of `capacity` blocks.
    init(capacity: Int) {
        let capacity = max(1, capacity)
        // Ages count for far more than the cache holds: who is used again late is worth something
        // in a small cache too.
        let wanted = capacity * KVCacheLimits.monitoredTimes
        // A small cache is watched whole: by a sample nobody could tell a loop that fits from one
        // that does not.
        let isWhole = capacity <= KVCacheLimits.monitoredKeys / 16
        let span =
            isWhole
            ? min(KVCacheLimits.monitoredKeys, wanted)
            : max(4 * capacity, min(KVCacheLimits.monitoredSpan, wanted))
        let size = min(KVCacheLimits.monitoredKeys, span)
        entries = Array(repeating: Entry(), count: size)
        heads = Array(repeating: Self.none, count: size)
        let share = Double(size) / Double(span)
        threshold = share >= 1 ? .max : UInt64(share * 0x1p64)
        period = UInt32(clamping: max(1, span / 8))
        nextFit = Self.firstFit
    }

    private static let firstFit: UInt32 = 128

    /// A block was used: with the hash of its key, the class that it has now, and the time.
    mutating func note(_ hash: UInt64, _ reuseClass: UInt8, now: UInt32) {
        if hash <= threshold { track(hash, reuseClass, now: now) }
        guard now &- nextFit < 1 << 31 else { return }
        refit(now: now)
        nextFit = now &+ min(period, max(Self.firstFit, now / 16))
    }

    private mutating func track(_ hash: UInt64, _ reuseClass: UInt8, now: UInt32) {
        let slot: UInt32
        if let known = find(hash) {
            slot = known
            let entry = entries[Int(known)]
            model.noteReuse(entry.reuseClass, age: now &- entry.last)
            unlink(known)
        } else {
            slot = takeEntry(now: now)
            insert(hash, at: slot)
        }
        entries[Int(slot)].last = now
        entries[Int(slot)].reuseClass = reuseClass
        link(slot)
    }

    /// A free entry, or the oldest one's.
    private mutating func takeEntry(now: UInt32) -> UInt32 {
        if count < entries.count {
            count += 1
            return UInt32(count - 1)
        }
        let slot = oldest
        let entry = entries[Int(slot)]
        model.noteLoss(entry.reuseClass, age: now &- entry.last)
        unlink(slot)
        removeFromBucket(slot)
        return slot
    }

    // MARK: - The model

    private mutating func refit(now: UInt32) {
        var slot = oldest
        while slot != Self.none {
            let entry = entries[Int(slot)]
            model.noteWatched(entry.reuseClass, age: now &- entry.last)
            slot = entry.newer
        }
        model.refit()
    }
}

// MARK: - Order and lookup

extension ReuseMonitor {
    private mutating func link(_ slot: UInt32) {
        entries[Int(slot)].older = newest
        entries[Int(slot)].newer = Self.none
        if newest == Self.none { oldest = slot } else { entries[Int(newest)].newer = slot }
        newest = slot
    }

    private mutating func unlink(_ slot: UInt32) {
        let entry = entries[Int(slot)]
        if entry.older == Self.none {
            oldest = entry.newer
        } else {
            entries[Int(entry.older)].newer = entry.newer
        }
        if entry.newer == Self.none {
            newest = entry.older
        } else {
            entries[Int(entry.newer)].older = entry.older
        }
    }

    private func bucket(_ hash: UInt64) -> Int {
        // The sample's hashes are small: their high bits are alike.
        Int((hash << 32).multipliedFullWidth(by: UInt64(heads.count)).high)
    }

    private func find(_ hash: UInt64) -> UInt32? {
        var slot = heads[bucket(hash)]
        while slot != Self.none {
            if entries[Int(slot)].hash == hash { return slot }
            slot = entries[Int(slot)].nextInBucket
        }
        return nil
    }

    private mutating func insert(_ hash: UInt64, at slot: UInt32) {
        entries[Int(slot)].hash = hash
        entries[Int(slot)].nextInBucket = heads[bucket(hash)]
        heads[bucket(hash)] = slot
    }

    private mutating func removeFromBucket(_ slot: UInt32) {
        let bucket = bucket(entries[Int(slot)].hash)
        let next = entries[Int(slot)].nextInBucket
        guard heads[bucket] != slot else {
            heads[bucket] = next
            return
        }
        var before = Int(heads[bucket])
        while entries[before].nextInBucket != slot { before = Int(entries[before].nextInBucket) }
        entries[before].nextInBucket = next
    }

    /// Bytes of the arrays.
    var bytes: Int {
        entries.count * MemoryLayout<Entry>.stride + 4 * heads.count
            + ReuseModel.bytes
    }

    /// Traps unless the lists, the places and the counts agree.
    func checkInvariants() {
        var slot = oldest
        var seen = 0
        var before = Self.none
        while slot != Self.none {
            let entry = entries[Int(slot)]
            precondition(entry.older == before, "the order is broken")
            precondition(find(entry.hash) == slot, "an entry is not found")
            seen += 1
            before = slot
            slot = entry.newer
        }
        precondition(before == newest && seen == count, "an entry is lost")
    }
}
