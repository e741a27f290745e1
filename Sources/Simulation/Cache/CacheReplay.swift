/// How a replay lets prompts meet a cache.
package enum ReplayModel: String, Hashable, Sendable, CaseIterable {
    /// Every block of every prompt is an access of its own.
    case independent
    /// As an engine sees it: what is hit is a prompt's beginning, and a prompt's blocks are held
    /// while it runs.
    case strict
}

/// What a cache of a size would have done under a policy.
package struct CacheReplay: Hashable, Sendable {
    /// Blocks of all prompts.
    package internal(set) var lookups = 0

    /// Blocks that were there: all (`independent`), or a prompt's first ones (`strict`).
    package internal(set) var hits = 0

    /// Tokens of the blocks that were hit.
    package internal(set) var hitTokens = 0

    /// Hits for a lookup; 0 without lookups.
    package var hitRate: Double { lookups > 0 ? Double(hits) / Double(lookups) : 0 }

    /// Replays a trace: its prompts in order, one after another and in no time. What a request
    /// generates is not stored.
    ///
    /// - Parameter capacity: blocks of the cache; 0: as many as the trace has.
    /// - Complexity: O(blocks log capacity).
    package init(
        _ trace: BlockTrace, policy: ReplayPolicy, capacity: Int, model: ReplayModel
    ) {
        precondition(capacity >= 0, "a negative capacity")
        // A cache of all blocks gives up none.
        let all = max(1, trace.ids.count)
        let bounded = capacity == 0 ? all : min(capacity, all)
        switch policy {
        case .engine(let engine):
            run(
                trace, model,
                EngineCache(
                    policy: engine, capacity: bounded,
                    keepsPrefixes: policy.keepsPrefixes(model)))
        case .length:
            run(
                trace, model,
                RankedCache(rule: .length, capacity: bounded, blockCount: trace.ids.count))
        case .belady:
            run(
                trace, model,
                RankedCache(
                    rule: .furthest(nextUses: trace.nextUses()), capacity: bounded,
                    blockCount: trace.ids.count))
        }
    }

    private mutating func run(
        _ trace: BlockTrace, _ model: ReplayModel, _ cache: some ReplayedCache
    ) {
        var cache = cache
        for request in 0..<trace.requestCount {
            lookups += trace.places(of: request).count
            switch model {
            case .independent: accessEach(request, of: trace, &cache)
            case .strict: admit(request, of: trace, &cache)
            }
        }
    }

    private mutating func accessEach(
        _ request: Int, of trace: BlockTrace, _ cache: inout some ReplayedCache
    ) {
        for index in 0..<trace.places(of: request).count {
            let use = trace.use(of: request, index)
            if cache.holds(use) {
                hits += 1
                hitTokens +=
                    trace.tokens(of: request, inFirst: index + 1)
                    - trace.tokens(of: request, inFirst: index)
                cache.pin(use)
            } else {
                let isStored = cache.insert(use)
                precondition(isStored, "a block is held between accesses")
            }
            cache.release(use)
        }
    }

    private mutating func admit(
        _ request: Int, of trace: BlockTrace, _ cache: inout some ReplayedCache
    ) {
        let count = trace.places(of: request).count
        var run = 0
        while run < count, cache.holds(trace.use(of: request, run)) { run += 1 }
        hits += run
        hitTokens += trace.tokens(of: request, inFirst: run)
        var isHeld = (0..<count).map { cache.holds(trace.use(of: request, $0)) }
        for index in 0..<count where isHeld[index] { cache.pin(trace.use(of: request, index)) }
        for index in 0..<count where !isHeld[index] {
            let use = trace.use(of: request, index)
            // An id that the prompt names twice is there the second time.
            if cache.holds(use) { cache.pin(use) } else if !cache.insert(use) { break }
            isHeld[index] = true
        }
        for index in (0..<count).reversed() where isHeld[index] {
            cache.release(trace.use(of: request, index))
        }
    }
}

extension BlockTrace {
    /// The use of a prompt's block.
    fileprivate func use(of request: Int, _ index: Int) -> BlockUse {
        let place = starts[request] + index
        let block = blocks[place]
        return BlockUse(
            block: block, id: ids[block],
            parent: index > 0 ? ids[blocks[place - 1]] : nil,
            isPartial: (index + 1) * tokensPerBlock > promptTokens[request], position: index,
            place: place)
    }
}
