/// Watches a sample of all keys, in the cache or not: what the model learns from, and two small
/// caches of the same uses, one under LRU and one under the model, that say which is better.
///
/// A key is in the sample when its hash is small enough, so that of a sampled key every use is
/// seen. Entries are in order of their last use; the newest `shadowSize` are what LRU would hold
/// in a cache that is smaller as the sample is. The other shadow has a place for each entry that
/// it holds.
///
/// ```
/// oldest <-> ... <-> lruTail <-> ... <-> newest
///                    `--- the LRU shadow ---'
/// ```
///
/// At most `KVCacheLimits.monitoredKeys` entries of 36 bytes.
struct ReuseMonitor: Sendable {
    struct Entry: Sendable {
        var hash: UInt64 = 0
        var last: UInt32 = 0
        var older = ReuseMonitor.none
        var newer = ReuseMonitor.none
        var nextInBucket = ReuseMonitor.none
        /// Its place in the model's shadow.
        var place = ReuseMonitor.none
        var reuseClass: UInt8 = 0
        var isInLRU = false
    }

    static let none = UInt32.max

    private(set) var model = ReuseModel()
    private(set) var entries: [Entry]
    private var count = 0
    private var heads: [UInt32]
    private(set) var oldest = none
    private(set) var newest = none
    private(set) var lruTail = none
    private(set) var lruCount = 0
    /// The entries of the model's shadow.
    private(set) var shadow: [UInt32] = []
    let shadowSize: Int
    private let threshold: UInt64
    private let period: UInt32
    private var nextFit: UInt32
    private var fits: UInt64 = 0
    /// Hits that one shadow had and the other had not, of late.
    private var lruLead: Float = 0
    private var modelLead: Float = 0
    /// LRU's lead over about the last hundred of them, below zero; what the model won before counts
    /// for nothing.
    private var recentLead: Float = 0
    /// Whether the model's shadow has been ahead for long enough to be believed.
    private(set) var prefersModel = false

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
        shadowSize = max(1, Int((share * Double(capacity)).rounded()))
        period = UInt32(clamping: max(1, span / 8))
        nextFit = Self.firstFit
        shadow.reserveCapacity(shadowSize)
    }

    private static let firstFit: UInt32 = 128

    /// A block was used: with the hash of its key, the class that it has now, and the time.
    mutating func note(_ hash: UInt64, _ reuseClass: UInt8, now: UInt32) {
        if hash <= threshold { track(hash, reuseClass, now: now) }
        guard now &- nextFit < 1 << 31 else { return }
        refit(now: now)
        nextFit = now &+ min(period, max(Self.firstFit, now / 16))
    }

    /// A block was let go of: LRU gives up first what was released first.
    mutating func noteRelease(_ hash: UInt64) {
        guard hash <= threshold, let slot = find(hash), slot != newest else { return }
        unlink(slot)
        link(slot)
    }

    private mutating func track(_ hash: UInt64, _ reuseClass: UInt8, now: UInt32) {
        let slot: UInt32
        if let known = find(hash) {
            slot = known
            let entry = entries[Int(known)]
            model.noteReuse(entry.reuseClass, age: now &- entry.last)
            let isInModel = entry.place != Self.none
            if entry.isInLRU != isInModel { compare(isInModel) }
            unlink(known)
        } else {
            slot = takeEntry(now: now)
            insert(hash, at: slot)
        }
        entries[Int(slot)].last = now
        entries[Int(slot)].reuseClass = reuseClass
        link(slot)
        guard entries[Int(slot)].place == Self.none else { return }
        if shadow.count >= shadowSize { dropFromShadow(worst(now: now)) }
        entries[Int(slot)].place = UInt32(shadow.count)
        shadow.append(slot)
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
        if entry.place != Self.none { dropFromShadow(slot) }
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
        judge()
    }

    /// One shadow had a hit and the other had not. When the workload changes, a lead of long ago
    /// counts for nothing: the model is left as soon as it could hardly be luck that it loses.
    private mutating func compare(_ modelWins: Bool) {
        if modelWins { modelLead += 1 } else { lruLead += 1 }
        recentLead = min(0, recentLead * Self.recentRemembrance + (modelWins ? 1 : -1))
        guard prefersModel, recentLead < -Self.recentCertainty else { return }
        prefersModel = false
        modelLead = 0
        lruLead = 0
    }

    /// The model is believed when its lead could hardly be luck, and until it has none.
    private mutating func judge() {
        let lead = modelLead - lruLead
        if prefersModel {
            if lead < 0 { prefersModel = false }
        } else {
            let spread = modelLead + lruLead + 1
            prefersModel = lead > 0 && lead * lead > Self.certainty * spread
            if prefersModel { recentLead = 0 }
        }
        lruLead *= Self.remembrance
        modelLead *= Self.remembrance
    }

    /// Three standard deviations, squared, of as many tosses of a coin.
    private static let certainty: Float = 9
    /// What of the recent lead counts at the next comparison; and how far LRU must be ahead. A
    /// prompt's blocks are won and lost together: it is more than for tosses of a coin.
    private static let recentRemembrance: Float = 0.99
    private static let recentCertainty: Float = 30
    /// What of a lead counts at the next judgement.
    private static let remembrance: Float = 0.97

    private mutating func worst(now: UInt32) -> UInt32 {
        fits &+= 1
        return Self.leastValuable(of: shadow.count, draw: fits) { place in
            let entry = entries[Int(shadow[place])]
            let age = now &- entry.last
            return (model.value(entry.reuseClass, age: age), age)
        }.map { shadow[$0] } ?? Self.none
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

    private mutating func dropFromShadow(_ slot: UInt32) {
        let place = Int(entries[Int(slot)].place)
        let last = shadow.removeLast()
        if last != slot {
            shadow[place] = last
            entries[Int(last)].place = UInt32(place)
        }
        entries[Int(slot)].place = Self.none
    }
}

// MARK: - Order and lookup

extension ReuseMonitor {
    private mutating func link(_ slot: UInt32) {
        entries[Int(slot)].older = newest
        entries[Int(slot)].newer = Self.none
        if newest == Self.none { oldest = slot } else { entries[Int(newest)].newer = slot }
        newest = slot
        entries[Int(slot)].isInLRU = true
        lruCount += 1
        if lruTail == Self.none { lruTail = slot }
        guard lruCount > shadowSize else { return }
        entries[Int(lruTail)].isInLRU = false
        lruTail = entries[Int(lruTail)].newer
        lruCount -= 1
    }

    private mutating func unlink(_ slot: UInt32) {
        let entry = entries[Int(slot)]
        if entry.isInLRU {
            if lruTail == slot { lruTail = entry.newer }
            lruCount -= 1
            entries[Int(slot)].isInLRU = false
        }
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
        entries.count * MemoryLayout<Entry>.stride + 4 * (heads.count + shadowSize)
            + ReuseModel.bytes
    }

    /// Traps unless the lists, the places and the counts agree.
    func checkInvariants() {
        var slot = oldest
        var seen = 0
        var inLRU = 0
        var before = Self.none
        while slot != Self.none {
            let entry = entries[Int(slot)]
            precondition(entry.older == before, "the order is broken")
            precondition(find(entry.hash) == slot, "an entry is not found")
            precondition(
                entry.place == Self.none || shadow[Int(entry.place)] == slot, "a place is stale")
            precondition(!entry.isInLRU || inLRU > 0 || lruTail == slot, "the tail is elsewhere")
            precondition(entry.isInLRU || inLRU == 0, "LRU holds an older one and not this one")
            if entry.isInLRU { inLRU += 1 }
            seen += 1
            before = slot
            slot = entry.newer
        }
        precondition(before == newest && seen == count, "an entry is lost")
        precondition(inLRU == lruCount && inLRU <= shadowSize, "LRU holds too many")
        precondition(shadow.count <= shadowSize, "the shadow holds too many")
    }
}
