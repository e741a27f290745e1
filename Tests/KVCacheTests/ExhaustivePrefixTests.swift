import QuireIdentifiers
import Testing

@testable import KVCache

/// Every sequence of actions in a universe with four blocks and three sequences, prefix cache on.
///
/// Two sequences begin alike, so that they share, copy and evict; one fits nowhere beside them.
@Suite struct `A tiny prefix cache, exhaustively` {
    private struct State {
        var cache: PagedCache
        var running: [Running?] = [nil, nil, nil]
        var forked: SequenceBlocks?
    }

    private static let prompts: [[TokenID]] = [[1, 2, 3], [1, 2, 1, 9], [1, 1, 1, 1, 1, 1]]

    @Test(arguments: EvictionPolicy.all)
    func `nothing is lost and nothing wrong is hit`(policy: EvictionPolicy) throws {
        let cache = try makeCache(
            [.full], blockSize: 2, blocks: 5, length: 4,
            configuration: CacheConfiguration(eviction: policy, seed: 1, pinnedShare: 0.5))
        var explored = 0
        explore(State(cache: cache), depth: policy == .lru ? 5 : 3, &explored)
        #expect(explored == (policy == .lru ? 111_110 : 1_110))
    }

    private func explore(_ state: State, depth: Int, _ explored: inout Int) {
        guard depth > 0 else { return }
        for action in 0..<10 {
            var next = state
            apply(action, &next)
            next.cache.checkInvariants(
                sequences: next.running.compactMap { $0?.blocks } + [next.forked].compactMap { $0 })
            explored += 1
            explore(next, depth: depth - 1, &explored)
        }
    }

    private func apply(_ action: Int, _ state: inout State) {
        switch action {
        case 0, 1, 2: toggle(action, &state)
        case 3, 4: grow(action - 3, &state)
        case 5: fail(&state)
        case 6: fork(&state)
        case 7: _ = state.cache.reset()
        case 8: _ = try? state.cache.pin([1, 2], for: .seconds(1), now: .zero)
        default: state.cache.refresh(now: .seconds(2))
        }
    }

    /// Starts a sequence, or ends it when it runs.
    private func toggle(_ who: Int, _ state: inout State) {
        if var running = state.running[who] {
            state.cache.stop(&running)
            state.running[who] = nil
        } else {
            let before = (state.cache.gauges, state.cache.pool.free.blocks)
            state.running[who] = try? state.cache.start(Self.prompts[who])
            guard state.running[who] == nil else { return }
            precondition(state.cache.gauges == before.0)
            precondition(state.cache.pool.free.blocks == before.1)
        }
    }

    private func grow(_ who: Int, _ state: inout State) {
        guard var running = state.running[who], running.tokens.count < 8 else { return }
        let before = running.blocks
        let free = state.cache.pool.free.blocks
        if !state.cache.append([7], to: &running) {
            precondition(running.blocks == before)
            precondition(state.cache.pool.free.blocks == free)
        }
        state.running[who] = running
    }

    /// Plans a step for the first sequence and lets it fail.
    private func fail(_ state: inout State) {
        guard state.running[0] == nil else { return }
        guard let running = try? state.cache.start(Self.prompts[0], settling: false) else { return }
        state.cache.abandonPending()
        var blocks = running.blocks
        state.cache.release(&blocks)
        state.cache.step()
    }

    private func fork(_ state: inout State) {
        if var forked = state.forked {
            state.cache.release(&forked)
            state.forked = nil
        } else if let running = state.running[1] {
            state.forked = state.cache.fork(running.blocks)
        }
    }
}
