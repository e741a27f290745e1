import KVCache
import TestSupport
import Testing

@testable import Simulation

/// Prompts as lists of block ids; each block has 10 tokens.
func blockTrace(_ prompts: [[UInt64]], tokens: [Int]? = nil) -> Trace {
    Trace(
        name: "test",
        requests: prompts.enumerated().map { index, blocks in
            TraceRequest(
                promptTokens: tokens?[index] ?? blocks.count * 10, outputTokens: 1,
                blocks: blocks)
        }, tokensPerBlock: 10)
}

/// Prompts that share beginnings, some of them seen again whole, under numbers of their own.
func randomPrompts(seed: UInt64, count: Int) -> [[UInt64]] {
    var random = SeededGenerator(seed: seed)
    var prompts: [[UInt64]] = []
    var fresh: UInt64 = 0
    for _ in 0..<count {
        var prompt: [UInt64] = []
        if let earlier = prompts.randomElement(using: &random),
            Int.random(in: 0..<4, using: &random) > 0
        {
            prompt = Array(earlier.prefix(Int.random(in: 1...earlier.count, using: &random)))
        }
        for _ in 0..<Int.random(in: prompt.isEmpty ? 1...6 : 0...4, using: &random) {
            prompt.append(fresh)
            fresh += 1
        }
        prompts.append(prompt)
    }
    return prompts
}

@Suite struct `A replay of the prefix cache` {
    private func hits(
        _ policy: String, _ prompts: [[UInt64]], _ capacity: Int, _ model: ReplayModel
    ) throws -> Int {
        let policy = try #require(ReplayPolicy(name: policy))
        let trace = try BlockTrace(blockTrace(prompts))
        return CacheReplay(trace, policy: policy, capacity: capacity, model: model).hits
    }

    @Test(
        arguments: [
            // 1 is the least recently used when 3 comes, and 2 when 1 comes back.
            ("lru", [[1, 2], [3], [1], [3]], 2, 1),
            // Among the blocks used once the last of its prompt goes: 1 2 | 3 is stored for 2.
            ("length", [[1, 2], [3], [1], [3]], 2, 2),
            // 3 takes 2's place, whose next use is further away than 1's.
            ("belady", [[1, 2], [3], [1], [3], [2]], 2, 2),
            // 1 was used twice: 2 goes, then 3.
            ("lfu", [[1], [1], [2], [3], [1], [2]], 2, 2),
            // The first stored goes first, however often it was used.
            ("fifo", [[1], [1], [2], [3], [1], [2]], 2, 1),
        ] as [(String, [[UInt64]], Int, Int)])
    func `hits are those of a replay by hand`(
        policy: String, prompts: [[UInt64]], capacity: Int, expected: Int
    ) throws {
        #expect(try hits(policy, prompts, capacity, .independent) == expected)
    }

    @Test func `a strict replay hits only an unbroken beginning`() throws {
        // Four blocks of five: the first prompt leaves 5 out. Then 7 takes the place of 4, whose
        // release came first, and 1 2 3 4 hits three.
        let prompts: [[UInt64]] = [[1, 2, 3, 4, 5], [7], [1, 2, 3, 4], [2, 3]]
        #expect(try hits("lru", prompts, 4, .strict) == 0 + 0 + 3 + 2)
        // Each by itself: 1 is given up for 5, 2 for 7, and then each for the one before it.
        #expect(try hits("lru", prompts, 4, .independent) == 0 + 0 + 0 + 2)
    }

    @Test func `hit tokens end with the prompt`() throws {
        let trace = try BlockTrace(blockTrace([[1, 2, 3], [1, 2, 3]], tokens: [25, 25]))
        for model in ReplayModel.allCases {
            let replay = CacheReplay(trace, policy: .engine(.lru), capacity: 0, model: model)
            #expect(replay.hits == 3)
            #expect(replay.hitTokens == 25)
            #expect(replay.lookups == 6)
            #expect(replay.hitRate == 0.5)
        }
    }

    @Test(
        arguments: ["lru", "lfu", "fifo", "length", "cost", "priority", "belady"],
        ReplayModel.allCases)
    func `hits are those of the plain form`(name: String, model: ReplayModel) throws {
        let policy = try #require(ReplayPolicy(name: name))
        for seed: UInt64 in 1...4 {
            let trace = blockTrace(randomPrompts(seed: seed, count: 150))
            let blocks = try BlockTrace(trace)
            // Some smaller than a prompt.
            for capacity in [1, 2, 3, 5, 13, 40, 0] {
                let replay = CacheReplay(blocks, policy: policy, capacity: capacity, model: model)
                var naive = NaiveReplay(policy: name, capacity: capacity)
                naive.run(trace, strict: model == .strict)
                #expect(replay.hits == naive.hits, "\(name), \(capacity), seed \(seed)")
                #expect(replay.hitTokens == naive.hitTokens, "\(name), \(capacity), seed \(seed)")
            }
        }
    }

    @Test(arguments: ReplayModel.allCases)
    func `no policy hits more than belady, and none misses without a bound`(
        model: ReplayModel
    ) throws {
        let trace = try BlockTrace(blockTrace(randomPrompts(seed: 9, count: 600)))
        func hits(_ policy: ReplayPolicy, _ capacity: Int) -> Int {
            CacheReplay(trace, policy: policy, capacity: capacity, model: model).hits
        }
        let most = trace.blocks.count - trace.ids.count
        for policy in ReplayPolicy.all {
            #expect(hits(policy, 0) == most)
            #expect(hits(policy, 1_000_000) == most)
            guard model == .independent else { continue }
            for capacity in [4, 16, 64] {
                #expect(hits(policy, capacity) <= hits(.belady, capacity), "\(policy.name)")
            }
        }
    }

    @Test func `a block that a prompt names twice is stored once`() throws {
        #expect(try hits("lru", [[1, 1, 2, 1], [1, 1, 2, 1]], 2, .strict) == 4)
        #expect(try hits("belady", [[1, 1, 2, 1], [1, 1, 2, 1]], 2, .strict) == 4)
    }

    @Test func `a trace without blocks is refused`() {
        let error = #expect(throws: CacheReplayError.self) {
            _ = try BlockTrace(
                Trace(name: "azure", requests: [TraceRequest(promptTokens: 1, outputTokens: 1)]))
        }
        #expect(error?.description.contains("have no block ids") == true)
    }

    @Test func `only adaptive keeps prefixes whole, and only in a strict replay`() throws {
        for policy in ReplayPolicy.all {
            #expect(!policy.keepsPrefixes(.independent))
            #expect(policy.keepsPrefixes(.strict) == (policy.name == "adaptive"))
        }
    }

    @Test func `policies have names`() {
        let names = ReplayPolicy.all.map(\.name)
        #expect(names.suffix(2) == ["length", "belady"])
        #expect(names.first == "lru")
        for policy in ReplayPolicy.all { #expect(ReplayPolicy(name: policy.name) == policy) }
        #expect(ReplayPolicy(name: "none") == nil)
    }
}
