/// The order in which a tier forgets.
///
/// Only idle blocks are in it: a block that is being moved leaves the order and comes back at its
/// end. With `lru` there is one list. With `arc` there are two, of blocks that were used once
/// (`recent`) and more often (`frequent`); ghosts, keys without blocks, remember what either list
/// lost, and storing a ghost again moves the share that `recent` may have towards the list that
/// lost it.
struct TierRecency: Sendable {
    private let policy: TierPolicy
    private let capacity: Int
    private(set) var recent = KeyList<TierKey>()
    private(set) var frequent = KeyList<TierKey>()
    /// What `recent` lost, and what `frequent` lost.
    private(set) var ghosts = (recent: KeyList<TierKey>(), frequent: KeyList<TierKey>())
    /// Idle blocks that `recent` should have.
    private(set) var target = 0.0
    /// Blocks that are moving and belong to `frequent`.
    private var promoted: Set<TierKey> = []

    init(policy: TierPolicy, capacity: Int) {
        self.policy = policy
        self.capacity = capacity
    }

    /// The idle block that was used the longest ago.
    var oldest: TierKey? { recent.first ?? frequent.first }

    var idleCount: Int { recent.count + frequent.count }

    /// A block is about to be stored.
    mutating func insert(_ key: TierKey) {
        guard policy == .arc else { return }
        let (lost, kept) = (Double(ghosts.recent.count), Double(ghosts.frequent.count))
        if ghosts.recent.remove(key) {
            target = min(Double(capacity), target + max(1, kept / lost))
            promoted.insert(key)
        } else if ghosts.frequent.remove(key) {
            target = max(0, target - max(1, lost / kept))
            promoted.insert(key)
        }
    }

    /// A block has arrived or is no longer read.
    mutating func becomeIdle(_ key: TierKey) {
        if promoted.remove(key) != nil {
            frequent.append(key)
        } else {
            recent.append(key)
        }
    }

    /// An idle block is about to be read.
    mutating func becomePinned(_ key: TierKey) {
        if frequent.remove(key) || policy == .arc { promoted.insert(key) }
        recent.remove(key)
    }

    /// A block was of use.
    mutating func touch(_ key: TierKey) {
        if frequent.moveToEnd(key) { return }
        if policy == .arc {
            if recent.remove(key) { frequent.append(key) }
        } else {
            recent.moveToEnd(key)
        }
    }

    /// A block is no longer there.
    mutating func remove(_ key: TierKey, asVictim: Bool) {
        promoted.remove(key)
        let wasRecent = recent.remove(key)
        let wasFrequent = frequent.remove(key)
        guard policy == .arc, asVictim, !key.isPrivate else { return }
        if wasRecent {
            ghosts.recent.append(key)
            if ghosts.recent.count > capacity { ghosts.recent.removeFirst() }
        } else if wasFrequent {
            ghosts.frequent.append(key)
            if ghosts.frequent.count > capacity { ghosts.frequent.removeFirst() }
        }
    }

    /// The idle blocks to forget so that `count` slots become free; nil if there are too few.
    func victims(_ count: Int, except protected: [TierKey], storing: [TierKey]) -> [TierKey]? {
        guard count <= idleCount else { return nil }
        let kept = Set(protected)
        var old = recent.keys.lazy.filter { !kept.contains($0) }.makeIterator()
        var used = frequent.keys.lazy.filter { !kept.contains($0) }.makeIterator()
        var left = recent.count
        var victims: [TierKey] = []
        while victims.count < count {
            // `recent` gives while it has more than its share; either gives if the other has none.
            let first = policy == .lru || Double(left) > target || frequent.count == 0
            let victim = first ? old.next() ?? used.next() : used.next() ?? old.next()
            guard let victim else { return nil }
            if recent.contains(victim) { left -= 1 }
            victims.append(victim)
        }
        return victims
    }

    func checkInvariants(idle: Set<TierKey>, all: Set<TierKey>) {
        precondition(Set(recent.keys).union(frequent.keys) == idle, "an idle block has no place")
        precondition(recent.count + frequent.count == idle.count, "a block has two places")
        precondition(promoted.isSubset(of: all), "a block that is not there is promoted")
        precondition(
            ghosts.recent.count <= capacity && ghosts.frequent.count <= capacity,
            "more ghosts than slots")
        precondition(all.isDisjoint(with: Set(ghosts.recent.keys)), "a ghost of what is there")
        precondition(all.isDisjoint(with: Set(ghosts.frequent.keys)), "a ghost of what is there")
    }
}
