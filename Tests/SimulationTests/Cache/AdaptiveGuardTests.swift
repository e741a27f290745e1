import Foundation
import KVCache
import Testing

@testable import Simulation

/// `adaptive` beside `lru` on short traces, where there is little to learn from.
@Suite struct `Adaptive eviction on short traces` {
    private func check(_ trace: Trace, capacities: [Int]) throws {
        let blocks = try BlockTrace(trace)
        for model in ReplayModel.allCases {
            for capacity in capacities where capacity < blocks.ids.count {
                let hits = [EvictionPolicy.lru, .adaptive].map {
                    CacheReplay(
                        blocks, policy: .engine($0), capacity: capacity, model: model
                    ).hits
                }
                #expect(
                    Double(hits[1]) >= 0.995 * Double(hits[0]),
                    "\(trace.requests.count) prompts, \(model.rawValue), \(capacity): \(hits)")
            }
        }
    }

    @Test(arguments: [150, 300, 450, 600])
    func `the first prompts of the shipped sample`(count: Int) throws {
        let file = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
            .appendingPathComponent("Examples/traces/mooncake-conversation.jsonl")
        var trace = try Trace.read([UInt8](try Data(contentsOf: file)), name: "sample")
        trace.requests.removeLast(trace.requests.count - count)
        try check(trace, capacities: [250, 500, 1_000, 2_000, 4_000, 8_000])
    }

    @Test(arguments: [1, 2])
    func `drawn conversations`(seed: UInt64) throws {
        for sessions in [50, 200, 400] {
            let trace = try Workload.draw("chat: sessions=\(sessions)", seed: seed)
            try check(trace, capacities: [100, 300, 1_000, 3_000, 10_000])
        }
    }
}
