import Foundation
import Testing

@testable import KVCache

/// A public trace of conversations, in `QUIRE_SHARED_DATA/traces`: the hashes of each request's
/// 512-token blocks, as published with Mooncake (FAST 2025).
private enum ConversationTrace {
    static let folder = ProcessInfo.processInfo.environment["QUIRE_SHARED_DATA"]

    private struct Line: Decodable {
        let hash_ids: [UInt64]
    }

    /// Every block of every request, in the file's order.
    static func keys() throws -> [UInt64] {
        let file = URL(fileURLWithPath: folder ?? "")
            .appendingPathComponent("traces/mooncake_conversation.jsonl")
        let decoder = JSONDecoder()
        return try Data(contentsOf: file).split(separator: UInt8(ascii: "\n")).flatMap {
            try decoder.decode(Line.self, from: Data($0)).hash_ids
        }
    }
}

@Suite(.enabled(if: ConversationTrace.folder != nil))
struct `KVCacheSharedDataTests` {
    @Test func `the hits of a conversation trace are the known ones`() throws {
        let keys = try ConversationTrace.keys()
        #expect(keys.count == 288_500)
        for (capacity, hits) in [(10_000, 60_921), (nil as Int?, 105_710)] {
            var replay = PrefixCacheReplay(capacity: capacity, policy: .lru)
            for key in keys { _ = replay.access(key) }
            #expect(replay.lookups == 288_500)
            #expect(replay.hits == hits)
        }
    }

    /// Not `adaptive`: of more candidates than it compares it draws some.
    @Test(arguments: EvictionPolicy.all.filter { $0 != .adaptive })
    func `every policy hits what its plain form hits`(policy: EvictionPolicy) throws {
        let keys = try ConversationTrace.keys()
        for capacity in [100, 1_000] {
            var replay = PrefixCacheReplay(capacity: capacity, policy: policy)
            var reference = `The replay of a trace`.reference(policy, capacity: capacity)
            for (place, key) in keys.prefix(8_000).enumerated() {
                let hit = replay.access(key)
                let expected = reference.access(key)
                #expect(hit == expected, "\(policy), \(capacity) blocks, access \(place)")
                if hit != expected { return }
            }
        }
    }

    /// The numbers are those of a script of its own, in another language.
    @Test(arguments: [
        (EvictionPolicy.lru, 60_921), (.fifo, 53_812), (.lfu, 38_013), (.s3fifo, 56_628),
        (.cost, 62_630),
        (.priority, 60_921),
    ])
    func `a cache of 10,000 blocks hits as often as its policy can`(
        policy: EvictionPolicy, hits: Int
    ) throws {
        var replay = PrefixCacheReplay(capacity: 10_000, policy: policy)
        for key in try ConversationTrace.keys() { _ = replay.access(key) }
        #expect(replay.hits == hits, "\(policy)")
        #expect(replay.evictions == replay.lookups - replay.hits - 10_000)
    }
}
