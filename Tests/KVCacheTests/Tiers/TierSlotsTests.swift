import TestSupport
import Testing

@testable import KVCache

/// O1-O6 and O8 of the conformance list: a tier of four slots.
struct TierSlotsTests {
    private func keys(_ numbers: UInt64...) -> [TierKey] {
        numbers.map { TierKey(node: $0, group: 0) }
    }

    private func key(_ number: UInt64) -> TierKey { TierKey(node: number, group: 0) }

    private func tier(_ policy: TierPolicy = .lru) -> TierSlots {
        TierSlots(capacity: 4, policy: policy, recordsChanges: true)
    }

    private func store(_ numbers: [UInt64], _ slots: [Int], evicting evicted: [UInt64] = [])
        -> TierSlots.Store
    {
        TierSlots.Store(
            keys: numbers.map(key), slots: slots, evicted: evicted.map(key))
    }

    /// O1
    @Test(arguments: TierPolicy.allCases)
    func `a block is a pending hit until its store is complete`(policy: TierPolicy) {
        var tier = tier(policy)
        #expect(tier.prepareStore(keys(1, 2)) == store([1, 2], [0, 1]))
        #expect(tier.lookup(key(1)) == .hitPending)
        #expect(tier.lookup(key(2)) == .hitPending)
        #expect(tier.takeChanges().isEmpty)
        tier.completeStore(keys(1, 2))
        #expect(tier.takeChanges() == [.stored(keys(1, 2))])
        #expect(tier.lookup(key(1)) == .hit)
        #expect(tier.lookup(key(2)) == .hit)
        #expect(tier.lookup(key(3)) == .miss)
        tier.checkInvariants()
    }

    /// O2
    @Test(arguments: TierPolicy.allCases)
    func `a block that is stored already is never evicted for its siblings`(policy: TierPolicy) {
        var tier = tier(policy)
        _ = tier.prepareStore(keys(1, 2))
        tier.completeStore(keys(1, 2))
        tier.touch(keys(1))
        let expected = store([3, 4, 5], [2, 3, 0], evicting: [1])
        #expect(tier.prepareStore(keys(2, 3, 4, 5)) == expected)
        tier.completeStore(keys(2, 3, 4, 5))
        #expect(tier.lookup(key(2)) == .hit)
        #expect(tier.lookup(key(1)) == .miss)
        tier.checkInvariants()
    }

    /// O2, O3, O4, O5, O6: one history.
    @Test func `what is pending or loading is pinned, and what was used last stays longest`() {
        var tier = tier()
        _ = tier.prepareStore(keys(1, 2))
        tier.completeStore(keys(1, 2))
        _ = tier.takeChanges()
        #expect(
            tier.prepareStore(keys(2, 3, 4, 5))
                == store([3, 4, 5], [2, 3, 0], evicting: [1]))
        #expect(tier.takeChanges() == [.removed(keys(1))])
        // O3: three are pending, so one slot could be freed and two are needed.
        let before = tier.usedCount
        #expect(tier.prepareStore(keys(1, 6)) == nil)
        #expect(tier.usedCount == before && tier.lookup(key(2)) == .hit)
        #expect(tier.takeChanges().isEmpty)
        tier.completeStore(keys(2, 3, 4, 5))
        for number: UInt64 in 2...5 { #expect(tier.lookup(key(number)) == .hit) }
        for number: UInt64 in 0...1 { #expect(tier.lookup(key(number)) == .miss) }
        // O4
        #expect(tier.prepareLoad(keys(2, 3)) == [1, 2])
        #expect(tier.prepareStore(keys(6, 7, 8)) == nil)
        tier.completeLoad(keys(2, 3))
        #expect(
            tier.prepareStore(keys(6, 7, 8))
                == store([6, 7, 8], [1, 0, 3], evicting: [4, 5, 2]))
        tier.completeStore(keys(6, 7, 8))
        // O5
        tier.touch(keys(3, 6, 7))
        #expect(tier.prepareStore(keys(9)) == store([9], [3], evicting: [8]))
        tier.completeStore(keys(7, 9), success: false)
        #expect(tier.lookup(key(7)) == .hit)
        #expect(tier.lookup(key(9)) == .miss)
        // O6: a removal comes before the store that uses its room.
        #expect(
            tier.takeChanges() == [
                .stored(keys(3, 4, 5)), .removed(keys(4, 5, 2)), .stored(keys(6, 7, 8)),
                .removed(keys(8)),
            ])
        tier.checkInvariants()
    }

    /// O8
    @Test func `slots come in the order of the keys`() {
        var tier = tier()
        _ = tier.prepareStore(keys(0, 1, 2))
        tier.completeStore(keys(0, 1, 2))
        #expect(tier.prepareLoad(keys(1, 2, 0)) == [1, 2, 0])
        tier.completeLoad(keys(0, 1, 2))
        #expect(tier.prepareLoad(keys(0, 1, 2)) == [0, 1, 2])
        tier.completeLoad(keys(2, 1, 0))
        tier.checkInvariants()
    }

    @Test func `groups and requests keep blocks of one number apart`() {
        var tier = tier()
        let same = [TierKey(node: 1, group: 0), TierKey(node: 1, group: 1)]
        let store = tier.prepareStore(same)
        #expect(store?.slots == [0, 1])
        tier.completeStore(same)
        #expect(tier.lookup(same[1]) == .hit)
        let removed = tier.remove(same[0])
        #expect(removed)
        #expect(tier.lookup(same[0]) == .miss && tier.lookup(same[1]) == .hit)
        let again = tier.remove(same[0])
        #expect(!again)
    }

    @Test func `a tier without slots takes nothing and evicts nothing`() {
        var tier = TierSlots(capacity: 0)
        #expect(tier.prepareStore(keys(1)) == nil)
        #expect(tier.prepareStore([]) == TierSlots.Store())
    }

    @Test func `what is moving outlives a reset`() {
        var tier = tier()
        _ = tier.prepareStore(keys(1, 2, 3))
        tier.completeStore(keys(1, 2))
        _ = tier.prepareLoad(keys(2))
        tier.removeAll()
        #expect(tier.lookup(key(1)) == .miss)
        #expect(tier.lookup(key(2)) == .hit)
        #expect(tier.lookup(key(3)) == .hitPending)
        tier.completeLoad(keys(2))
        tier.completeStore(keys(3), success: false)
        tier.removeAll()
        #expect(tier.usedCount == 0)
        tier.checkInvariants()
    }

    /// The tier's state is what the operations say, whatever their order.
    @Test(arguments: TierPolicy.allCases, [UInt64](1...8))
    func `a random walk keeps every slot and every promise`(policy: TierPolicy, seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var tier = TierSlots(capacity: 9, policy: policy, recordsChanges: true)
        var pending: Set<TierKey> = []
        var loads: [TierKey] = []
        var held: Set<TierKey> = []
        for _ in 0..<2_500 {
            let some = Set(
                (0..<Int.random(in: 1...4, using: &random)).map { _ in
                    key(UInt64.random(in: 0..<20, using: &random))
                })
            switch Int.random(in: 0..<6, using: &random) {
            case 0, 1:
                let idle = held.subtracting(loads).subtracting(some)
                let missing = some.subtracting(held).subtracting(pending)
                let room = 9 - held.count - pending.count + idle.count
                if let store = tier.prepareStore(Array(some)) {
                    #expect(Set(store.keys) == missing)
                    #expect(idle.isSuperset(of: store.evicted))
                    held.subtract(store.evicted)
                    pending.formUnion(store.keys)
                } else {
                    #expect(room < missing.count)
                }
            case 2:
                let success = Bool.random(using: &random)
                let ended = some.intersection(pending)
                tier.completeStore(Array(some), success: success)
                pending.subtract(ended)
                if success { held.formUnion(ended) }
            case 3:
                let ready = Array(some.intersection(held))
                let slots = tier.prepareLoad(ready)
                #expect(slots == ready.map { tier.slot(of: $0) })
                loads += ready
            case 4:
                let ended = loads.prefix(2)
                loads.removeFirst(ended.count)
                tier.completeLoad(Array(ended))
            default:
                tier.touch(Array(some))
            }
            tier.checkInvariants()
            for number: UInt64 in 0..<20 {
                let key = key(number)
                let expected: TierLookup =
                    held.contains(key) ? .hit : pending.contains(key) ? .hitPending : .miss
                #expect(tier.lookup(key) == expected)
            }
            #expect(tier.pinnedCount == pending.count + Set(loads).count)
        }
    }
}
