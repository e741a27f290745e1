import KVCache
import Testing

/// O7 and O9 of the conformance list.
struct TierPolicyTests {
    private func keys(_ numbers: UInt64...) -> [TierKey] {
        numbers.map { TierKey(node: $0, group: 0) }
    }

    private func key(_ low: UInt64) -> BlockKey { BlockKey(high: 7, low: low) }

    /// O7
    @Test func `a block is worth a store on its second lookup`() {
        var filter = ReuseFilter(threshold: 2, trackedKeys: 3)
        filter.note(key(1))
        #expect(!filter.allows(key(1)))
        filter.note(key(1))
        #expect(filter.allows(key(1)) && !filter.allows(key(2)))
    }

    /// O7
    @Test func `the tracker forgets the key that was looked up the longest ago`() {
        var filter = ReuseFilter(threshold: 2, trackedKeys: 3)
        for low: UInt64 in [1, 2, 3, 1, 4] { filter.note(key(low)) }
        // 2 was the oldest when 4 came.
        #expect(filter.allows(key(1)))
        filter.note(key(3))
        #expect(filter.allows(key(3)))
        filter.note(key(2))
        #expect(!filter.allows(key(2)))
    }

    @Test func `without a threshold everything passes`() {
        #expect(ReuseFilter(threshold: 0).allows(key(1)))
        #expect(ReuseFilter(threshold: 1).allows(key(1)))
    }

    private func fill(_ tier: inout TierSlots, _ keys: [TierKey]) -> [TierKey] {
        let store = tier.prepareStore(keys)
        tier.completeStore(keys)
        return store?.evicted ?? []
    }

    /// O9: a block that was used again is not pushed out by blocks that are used once, as it is
    /// with LRU.
    @Test func `under arc a scan does not push out what is used again`() {
        var victims: [TierPolicy: [TierKey]] = [:]
        for policy in TierPolicy.allCases {
            var tier = TierSlots(capacity: 4, policy: policy)
            _ = fill(&tier, keys(1, 2))
            tier.touch(keys(1, 2))
            for number: UInt64 in 10..<20 {
                victims[policy, default: []] += fill(&tier, keys(number))
            }
            #expect((tier.lookup(keys(1)[0]) == .hit) == (policy == .arc))
            tier.checkInvariants()
        }
        #expect(victims[.lru]?.first == keys(2)[0])
    }

    /// O9: what comes back soon after it was forgotten gets its list a larger share.
    @Test func `under arc a regret moves the share between the lists`() {
        var tier = TierSlots(capacity: 4, policy: .arc)
        _ = fill(&tier, keys(1, 2))
        tier.touch(keys(1, 2))
        _ = fill(&tier, keys(3, 4))
        // `recent` has 3 and 4 and a target of 0: it gives 3, whose ghost comes back and makes
        // room for one of its list.
        #expect(fill(&tier, keys(5)) == keys(3))
        #expect(fill(&tier, keys(3)) == keys(4))
        // Now `recent` has one block and may have it: `frequent` gives its oldest.
        #expect(fill(&tier, keys(6)) == keys(2))
        tier.checkInvariants()
    }

    /// O9
    @Test func `under arc the ghosts are bounded`() {
        var tier = TierSlots(capacity: 3, policy: .arc)
        for number: UInt64 in 0..<200 {
            _ = fill(&tier, keys(number))
            if number % 3 == 0 { tier.touch(keys(number)) }
            tier.checkInvariants()
        }
        #expect(tier.usedCount == 3)
    }
}
