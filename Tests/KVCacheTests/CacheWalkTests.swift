import QuireIdentifiers
import TestSupport
import Testing

@testable import KVCache

/// Random walks over everything that a scheduler may do with a cache, with the invariants checked
/// after every step, and the content of every block followed by a model of the arena.
@Suite struct `A walk over the cache` {
    @Test(arguments: EvictionPolicy.all)
    func `20,000 steps lose no block and never hit the wrong tokens`(
        policy: EvictionPolicy
    ) throws {
        var walk = try CacheWalk(
            spans: [.full], policy: policy, seed: 0xCAFE &+ UInt64(policy.name.utf8.count))
        try walk.run(steps: policy == .lru ? 20_000 : 2_000)
    }

    @Test func `groups with windows are never mixed up`() throws {
        var walk = try CacheWalk(
            spans: [.full, .slidingWindow(5), .slidingWindow(9)], policy: .lru, seed: 0xD00D)
        try walk.run(steps: 3_000)
        walk = try CacheWalk(spans: [.slidingWindow(6)], policy: .lfu, seed: 0xD11D)
        try walk.run(steps: 2_000)
    }

    @Test func `keys that always collide change nothing`() throws {
        for policy in [EvictionPolicy.lru, .s3fifo, .cost] {
            var walk = try CacheWalk(
                spans: [.full, .slidingWindow(5)], policy: policy, seed: 0xBEEF, keyBits: 0)
            try walk.run(steps: 1_500)
        }
    }
}

/// A cache with sequences, and a model of the arena: what each slot of each block holds, as the
/// whole text up to it.
private struct CacheWalk {
    struct Member {
        var running: Running
        /// Positions that the arena holds.
        var computed: Int
        /// As before the step in flight.
        var computedBefore: Int
        var adoptedInStep: Bool
    }

    var cache: PagedCache
    var random: SeededGenerator
    let seed: UInt64
    var members: [Member] = []
    var pins: [PinID] = []
    /// For each block and slot, the salted text that its keys and values were computed from.
    var arena: [[Int]]
    var now = Duration.zero
    let alphabet: UInt32 = 3

    init(spans: [AttentionSpan], policy: EvictionPolicy, seed: UInt64, keyBits: Int = 64) throws {
        let planner = KVPlanner(
            geometry: KVGeometry(spans: spans, kvHeads: 1, headDim: 4), blockSize: 4,
            maxModelLength: 32, maxChunk: 8)
        let configuration = CacheConfiguration(
            eviction: policy, seed: seed, pinnedShare: 0.2, recordsEvents: true)
        let layout = try planner.plan(sequences: 1)
        cache = PagedCache(
            layout: try planner.plan(blockCount: 2 * layout.blockCount + 6),
            configuration: configuration, keyBits: keyBits)
        random = SeededGenerator(seed: seed)
        self.seed = seed
        arena = Array(
            repeating: Array(repeating: 0, count: 4), count: cache.layout.blockCount)
    }

    mutating func run(steps: Int) throws {
        for step in 0..<steps {
            plan()
            if number(6) == 0 { fail() } else { finish() }
            between()
            check(step)
        }
        while !members.isEmpty { leave(0) }
        for pin in pins { _ = cache.unpin(pin) }
        let reset = cache.reset()
        #expect(reset)
        #expect(cache.gauges.free == cache.layout.capacity, "seed \(seed)")
        cache.checkInvariants(sequences: [])
    }

    private mutating func number(_ below: Int) -> Int {
        Int.random(in: 0..<below, using: &random)
    }

    /// One planned step: a few members grow, a few come.
    private mutating func plan() {
        for index in members.indices {
            members[index].computedBefore = members[index].computed
            members[index].adoptedInStep = false
        }
        for index in members.indices where number(3) > 0 { advance(index) }
        if members.count < 5, number(2) == 0 { arrive() }
        if members.count < 5, number(4) == 0 { arrive() }
    }

    private mutating func arrive() {
        let count = 1 + number(20)
        var tokens: [TokenID] = []
        for _ in 0..<count {
            // Blocks of one token, often, so that prefixes are shared.
            let again = tokens.last.map { $0 } ?? 0
            tokens.append(
                number(4) > 0 ? again : TokenID(UInt32.random(in: 0..<alphabet, using: &random)))
        }
        let scope = number(5) == 0 ? PrefixScope(salt: "other") : .shared
        let plan = try? RetentionPlan(
            ranges: [.init(start: 0, end: 8, priority: number(101), duration: .seconds(number(4)))],
            promptTokens: count)
        var running = Running(
            tokens: tokens, keys: PrefixKeys(scope: scope),
            blocks: cache.makeSequence(retention: number(2) == 0 ? plan : nil))
        let match = cache.match(
            &running.keys, tokens: tokens, limit: number(8) == 0 ? 0 : count - 1)
        let end = min(count, match.tokens + 1 + number(8))
        let before = cache.pool.free.blocks
        guard cache.adopt(match, &running.blocks, tokens: end) else {
            #expect(cache.pool.free.blocks == before)
            #expect(running.blocks.liveCount == 0)
            return
        }
        members.append(
            Member(running: running, computed: match.tokens, computedBefore: 0, adoptedInStep: true)
        )
        write(members.count - 1, to: end)
    }

    private mutating func advance(_ index: Int) {
        if members[index].computed == members[index].running.tokens.count {
            guard members[index].computed < 31 else { return }
            members[index].running.tokens.append(
                TokenID(UInt32.random(in: 0..<alphabet, using: &random)))
        }
        let total = members[index].running.tokens.count
        if members[index].computed % 4 == 0, number(2) == 0 { lateHit(index) }
        let computed = members[index].computed
        let end = min(total, computed + 1 + number(8))
        let before = (members[index].running.blocks, cache.pool.free.blocks)
        cache.trim(&members[index].running.blocks, computed: computed)
        let trimmed = cache.pool.free.blocks
        let needed = cache.blocksToGrow(members[index].running.blocks, tokens: end, from: computed)
        let fits = cache.grow(&members[index].running.blocks, tokens: end, from: computed)
        #expect(fits == (needed <= trimmed.count))
        guard fits else {
            #expect(cache.pool.free.blocks == trimmed)
            #expect(members[index].running.blocks.liveCount <= before.0.liveCount)
            return
        }
        write(index, to: end)
    }

    private mutating func lateHit(_ index: Int) {
        let total = members[index].running.tokens.count
        let match = cache.match(
            &members[index].running.keys, tokens: members[index].running.tokens, limit: total - 1,
            extending: members[index].running.blocks)
        guard match.tokens > members[index].computed,
            members[index].running.blocks.committed == members[index].running.blocks.entryCount,
            cache.adopt(match, &members[index].running.blocks, tokens: match.tokens)
        else { return }
        members[index].computed = match.tokens
        members[index].adoptedInStep = true
    }

    /// Registers what the step will write, and remembers up to where.
    private mutating func write(_ index: Int, to end: Int) {
        members[index].running.commit(in: &cache, upTo: end)
        planned.append((index, members[index].computed, end))
    }

    var planned: [(member: Int, start: Int, end: Int)] = []

    /// The content of a position: a hash of the scope and the text up to it.
    private func content(_ running: Running, _ position: Int) -> Int {
        var hasher = Hasher()
        hasher.combine(running.keys.scope)
        hasher.combine(running.tokens[...position])
        return hasher.finalize()
    }

    private mutating func execute() {
        var transfers: [BlockTransfer] = []
        cache.takeTransfers(into: &transfers)
        for transfer in transfers {
            guard case .copy(let source, let target) = transfer else { continue }
            arena[Int(target.rawValue)] = arena[Int(source.rawValue)]
        }
        for row in planned {
            let running = members[row.member].running
            for position in row.start..<row.end {
                for table in running.blocks.tables {
                    let block = table.blocks[position / 4]
                    #expect(cache.pool.referenceCount(of: block) >= 1)
                    arena[Int(block.rawValue)][position % 4] = content(running, position)
                }
            }
        }
    }

    private mutating func finish() {
        execute()
        cache.settle()
        for row in planned { members[row.member].computed = row.end }
        planned.removeAll()
    }

    /// A step that fails may have done any part of its work.
    private mutating func fail() {
        if number(2) == 0 {
            execute()
        } else {
            var transfers: [BlockTransfer] = []
            cache.takeTransfers(into: &transfers)
        }
        cache.abandonPending()
        planned.removeAll()
        for index in members.indices.reversed() where members[index].adoptedInStep { leave(index) }
    }

    private mutating func leave(_ index: Int) {
        cache.release(&members[index].running.blocks)
        let last = members.count - 1
        members.swapAt(index, last)
        members.removeLast()
    }

    /// What happens between steps.
    private mutating func between() {
        if !members.isEmpty, number(5) == 0 { leave(number(members.count)) }
        if !members.isEmpty, members.count < 5, number(6) == 0 {
            var other = members[number(members.count)]
            other.running.blocks = cache.fork(other.running.blocks)
            members.append(other)
        }
        if !members.isEmpty, number(8) == 0 {
            let index = number(members.count)
            let computed = members[index].computed
            cache.truncate(&members[index].running.blocks, tokens: computed)
        }
        if number(10) == 0, let member = members.randomElement(using: &random) {
            let pin = try? cache.pin(
                member.running.tokens, scope: member.running.keys.scope,
                for: number(2) == 0 ? .seconds(1 + number(5)) : nil, now: now)
            if let pin { pins.append(pin.id) }
        }
        if !pins.isEmpty, number(10) == 0 { _ = cache.unpin(pins.removeFirst()) }
        if number(40) == 0 {
            let isFree = members.allSatisfy { $0.running.blocks.liveCount == 0 }
            let done = cache.reset()
            #expect(!done || isFree)
        }
        now += .milliseconds(300)
        cache.refresh(now: now)
        _ = cache.takeEvents()
    }

    private func check(_ step: Int) {
        cache.checkInvariants(sequences: members.map(\.running.blocks))
        // After a step that failed, copies are due again.
        var arena = arena
        for transfer in cache.transfers.queued {
            guard case .copy(let source, let target) = transfer.transfer else { continue }
            arena[target.index] = arena[source.index]
        }
        for member in members {
            let running = member.running
            for (group, table) in running.blocks.tables.enumerated() {
                let seen = cache.layout.groups[group].span.firstVisible(from: member.computed)
                for position in seen..<max(seen, member.computed) {
                    let block = table.blocks[position / 4]
                    let holds = arena[Int(block.rawValue)][position % 4]
                    #expect(
                        holds == content(running, position),
                        "seed \(seed), step \(step), group \(group), position \(position)")
                }
            }
        }
    }
}
