import Foundation
import Testing

@testable import KVCache
@testable import Simulation

/// The Mooncake conversation trace, in `QUIRE_SHARED_DATA/traces`, replayed in both models. The
/// numbers are those of a script of its own, in another language.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["QUIRE_SHARED_DATA"] != nil))
struct `CacheSharedDataTests` {
    private func trace() throws -> BlockTrace {
        let folder = ProcessInfo.processInfo.environment["QUIRE_SHARED_DATA"] ?? ""
        let file = URL(fileURLWithPath: folder)
            .appendingPathComponent("traces/mooncake_conversation.jsonl")
        let bytes = [UInt8](try Data(contentsOf: file))
        return try BlockTrace(try Trace.read(bytes, name: "conversation"))
    }

    private static let capacities = [100, 1_000, 10_000, 30_000]

    @Test(arguments: [
        ("lru", [11_645, 12_831, 60_921, 93_967], [12_071, 12_847, 61_046, 93_978]),
        ("lfu", [12_031, 13_871, 38_013, 79_595], [12_071, 13_871, 38_004, 79_613]),
        ("fifo", [9_918, 12_559, 53_812, 87_152], [12_031, 12_824, 52_338, 84_635]),
        ("length", [12_310, 14_535, 32_392, 58_519], [12_063, 14_495, 32_285, 58_487]),
        ("cost", [12_031, 12_884, 62_630, 94_745], [12_071, 12_900, 62_605, 94_745]),
        ("priority", [11_645, 12_831, 60_921, 93_967], [12_071, 12_847, 61_046, 93_978]),
        ("belady", [20_215, 54_994, 105_710, 105_710], [12_474, 51_705, 105_710, 105_710]),
        ("s3fifo", [12_881, 16_045, 56_628, 82_334], []),
    ])
    func `hits are the known ones`(name: String, independent: [Int], strict: [Int]) throws {
        let trace = try trace()
        let policy = try #require(ReplayPolicy(name: name))
        for (model, expected) in [(ReplayModel.independent, independent), (.strict, strict)]
        where !expected.isEmpty {
            let hits = Self.capacities.map {
                CacheReplay(trace, policy: policy, capacity: $0, model: model).hits
            }
            #expect(hits == expected, "\(name), \(model.rawValue)")
        }
    }

    /// The floor, and in the strict model the best of the policies that do not learn.
    @Test func `adaptive hits more than all that does not learn`() throws {
        let trace = try trace()
        let floors = [1_000: 19_000, 5_000: 46_500, 10_000: 65_500, 30_000: 95_000]
        let others = [1_000: 16_067, 5_000: 40_185, 10_000: 62_605, 30_000: 94_745]
        for (model, bounds) in [(ReplayModel.independent, floors), (.strict, others)] {
            for (capacity, hits) in bounds {
                let replay = CacheReplay(
                    trace, policy: .engine(.adaptive), capacity: capacity, model: model)
                #expect(replay.hits >= hits, "\(model.rawValue), \(capacity): \(replay.hits)")
            }
        }
    }

    @Test func `tokens that are hit are those of the hit blocks`() throws {
        let trace = try trace()
        func replay(_ model: ReplayModel, _ capacity: Int) -> CacheReplay {
            CacheReplay(trace, policy: .engine(.lru), capacity: capacity, model: model)
        }
        #expect(replay(.independent, 0).lookups == 288_500)
        #expect(replay(.independent, 0).hitTokens == 54_098_411)
        #expect(replay(.independent, 10_000).hitTokens == 31_174_981)
        #expect(replay(.strict, 10_000).hitTokens == 31_238_981)
    }
}
