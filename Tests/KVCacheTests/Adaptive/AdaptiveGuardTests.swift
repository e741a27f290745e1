import TestSupport
import Testing

@testable import KVCache

/// Traces of single blocks, some of them made to mislead.
enum AccessPattern: String, CaseIterable {
    case uniform, loop, scans, drift, recent, popular, phases, growing

    func keys(count: Int) -> [UInt64] {
        var random = SeededGenerator(seed: 5)
        func skewed(_ range: UInt64) -> UInt64 {
            let a = UInt64.random(in: 0..<range, using: &random)
            let b = UInt64.random(in: 0..<range, using: &random)
            let c = UInt64.random(in: 0..<range, using: &random)
            return min(a, b, c)
        }
        var stack: [UInt64] = []
        return (0..<UInt64(count)).map { step in
            switch self {
            case .uniform: return UInt64.random(in: 0..<2_000, using: &random)
            case .loop: return step % 700
            case .scans: return step % 500 < 200 ? skewed(60) : 100_000 + step
            case .drift: return skewed(400) + step / 20
            case .recent:
                let depth = Int.random(in: 0..<300, using: &random)
                let key = depth < stack.count ? stack.remove(at: stack.count - 1 - depth) : step
                stack.append(key)
                return key
            case .popular: return skewed(5_000)
            case .phases:
                let phase = step / UInt64(count / 4)
                return phase % 2 == 0 ? phase << 20 + skewed(800) : phase << 20 + step % 300
            case .growing: return skewed(10 + step / 10)
            }
        }
    }
}

@Suite struct `Adaptive eviction and LRU` {
    @Test(arguments: AccessPattern.allCases)
    func `adaptive hits as often as lru where it cannot know better`(pattern: AccessPattern) {
        let keys = pattern.keys(count: 10_000)
        for capacity in [3, 40, 300] {
            var lru = PrefixCacheReplay(capacity: capacity, policy: .lru)
            var adaptive = PrefixCacheReplay(capacity: capacity, policy: .adaptive)
            for key in keys {
                _ = lru.access(key)
                _ = adaptive.access(key)
            }
            // A hit is more than a share of few.
            #expect(
                Double(adaptive.hits) >= 0.995 * Double(lru.hits) - 1,
                "\(pattern), \(capacity): \(adaptive.hits), lru \(lru.hits)")
        }
    }

    @Test func `the account counts what lru would have hit`() throws {
        for pattern in AccessPattern.allCases {
            for capacity in [2, 40, 300] {
                var lru = PrefixCacheReplay(capacity: capacity, policy: .lru)
                var order = PrefixCacheReplay(capacity: capacity, policy: .adaptive)
                for key in pattern.keys(count: 6_000) {
                    _ = lru.access(key)
                    _ = order.access(key)
                }
                let account = try #require(order.account)
                #expect(account.hits == lru.hits, "\(pattern), \(capacity)")
                #expect(account.hits + account.wins - account.losses == order.hits)
            }
        }
    }

    @Test func `adaptive keeps a part of a loop that lru loses whole`() {
        var hits: [Int] = []
        for policy in [EvictionPolicy.lru, .adaptive] {
            var replay = PrefixCacheReplay(capacity: 600, policy: policy)
            for key in AccessPattern.loop.keys(count: 12_000) { _ = replay.access(key) }
            hits.append(replay.hits)
        }
        #expect(hits[0] == 0)
        withKnownIssue("an LRU without hits is left one block at a time, which takes too long") {
            #expect(hits[1] > 4_000)
        }
    }

    @Test func `the same uses give the same victims, and asking for one changes nothing`() {
        var first = AdaptiveOrder(blockCount: 301)
        var second = AdaptiveOrder(blockCount: 301)
        var random = SeededGenerator(seed: 6)
        for block in 1...300 as ClosedRange<UInt32> {
            let use = BlockUse(key: BlockKey(high: 0, low: UInt64(block)))
            first.inserted(BlockID(block), use)
            second.inserted(BlockID(block), use)
            first.offer(BlockID(block))
            second.offer(BlockID(block))
        }
        // A loop over blocks of which half are never in the cache lets the model lead.
        for step in 0..<20_000 as Range<UInt64> {
            let block = BlockID(UInt32.random(in: 1...300, using: &random))
            let key = step % 600 + 1
            let use = BlockUse(key: BlockKey(high: 0, low: key))
            let victim = first.victim()
            #expect(victim == first.victim())
            #expect(victim == second.victim())
            first.accessed(block, use)
            second.accessed(block, use)
        }
        first.checkInvariants()
    }

    @Test func `lists and places agree after every use`() {
        var random = SeededGenerator(seed: 7)
        for capacity in [1, 2, 7, 40] {
            var order = AdaptiveOrder(blockCount: capacity + 1)
            var held: [UInt64?] = Array(repeating: nil, count: capacity + 1)
            for _ in 0..<6_000 {
                let key = UInt64.random(in: 0..<UInt64(90 * capacity), using: &random)
                let block = BlockID(UInt32.random(in: 1...UInt32(capacity), using: &random))
                let use = BlockUse(key: BlockKey(high: 0, low: key), isPartial: key % 7 == 0)
                if let old = held[block.index] {
                    order.withdraw(block)
                    order.removed(block, BlockKey(high: 0, low: old), evicted: key % 3 > 0)
                }
                held[block.index] = key
                order.inserted(block, use)
                order.offer(block)
            }
            order.checkInvariants()
        }
    }

    @Test func `a new block takes over the turns of its conversation, and not of a shared prompt`()
    {
        var order = AdaptiveOrder(blockCount: 40)
        func use(_ block: UInt32, after parent: UInt32) -> BlockUse {
            BlockUse(key: BlockKey(high: 0, low: UInt64(block)), parent: BlockID(parent))
        }
        order.inserted(1, use(1, after: 0))
        order.inserted(2, use(2, after: 1))
        // Turns two and three: what is there is used, and the conversation grows by a block.
        for (turn, next) in [(2, 3), (3, 4)] as [(UInt8, UInt32)] {
            for block in 1..<next { order.accessed(BlockID(block), use(block, after: block - 1)) }
            order.inserted(BlockID(next), use(next, after: next - 1))
            #expect(order.histories[Int(next)].turns == turn)
            #expect(order.histories[Int(next)].uses == 1)
        }
        #expect(order.histories[2].turns == 3)
        // The first block is the beginning of others as well, until it counts for nobody.
        for block in 10..<30 as Range<UInt32> {
            order.accessed(1, use(1, after: 0))
            order.inserted(BlockID(block), use(block, after: 1))
        }
        #expect(order.histories[29].turns == 1)
        #expect(order.histories[1].turns == 23)
        // What was given up keeps its uses.
        order.removed(2, BlockKey(high: 0, low: 2), evicted: true)
        order.inserted(2, use(2, after: 0))
        #expect(order.histories[2].uses == 4 && order.histories[2].turns == 4)
    }
}
