import TestSupport
import Testing

@testable import KVCache

/// Every policy against its plain form, access by access.
@Suite struct `The replay of a trace` {
    static func reference(_ policy: EvictionPolicy, capacity: Int) -> any ReferencePolicy {
        switch policy {
        case .lfu: ReferenceLFU(capacity: capacity)
        case .fifo: ReferenceFIFO(capacity: capacity)
        case .s3fifo: ReferenceS3FIFO(capacity: capacity)
        case .cost: ReferenceCost(capacity: capacity)
        case .adaptive: ReferenceAdaptive(capacity: capacity)
        default: ReferenceLRU(capacity: capacity)
        }
    }

    @Test(arguments: EvictionPolicy.all)
    func `hits and misses are those of the plain form`(policy: EvictionPolicy) {
        var random = SeededGenerator(seed: 99)
        for capacity in [1, 2, 3, 10, 37, 64] {
            var replay = PrefixCacheReplay(capacity: capacity, policy: policy)
            var reference = Self.reference(policy, capacity: capacity)
            for step in 0..<4_000 {
                // Few keys often and many seldom, and a scan now and then.
                let range: UInt64 = step % 3 == 0 ? 200 : 40
                let key =
                    step % 500 > 450
                    ? UInt64(10_000 + step) : UInt64.random(in: 0..<range, using: &random)
                let hit = replay.access(key)
                let expected = reference.access(key)
                #expect(hit == expected, "\(policy), \(capacity) blocks, access \(step)")
                if hit != expected { return }
            }
            #expect(replay.lookups == 4_000)
        }
    }

    @Test func `without a bound every second access hits`() {
        var replay = PrefixCacheReplay(capacity: nil, policy: .lru)
        for _ in 0..<2 { for key in 0..<1_000 as Range<UInt64> { _ = replay.access(key) } }
        #expect(replay.hits == 1_000)
        #expect(replay.evictions == 0)
    }
}
