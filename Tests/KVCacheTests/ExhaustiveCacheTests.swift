import KVCache
import Testing

/// Every sequence of actions in a universe so small that all of them can be tried.
@Suite struct `A tiny cache, exhaustively` {
    private enum Action {
        case grow(Int)
        case trim(Int)
        case release(Int)
    }

    private struct State {
        var cache: PagedCache
        var sequences: [SequenceBlocks]
        var tokens: [Int]
    }

    @Test func `four blocks and three sequences are never lost, whatever the order`() throws {
        let cache = try makeCache([.slidingWindow(2)], blockSize: 1, blocks: 5, length: 4, chunk: 1)
        let start = State(
            cache: cache, sequences: (0..<3).map { _ in cache.makeSequence() }, tokens: [0, 0, 0])
        var explored = 0
        explore(start, depth: 5, &explored)
        #expect(explored == (1...5).reduce(0) { sum, depth in sum + power(9, depth) })
    }

    private func power(_ base: Int, _ exponent: Int) -> Int {
        (0..<exponent).reduce(1) { value, _ in value * base }
    }

    private func explore(_ state: State, depth: Int, _ explored: inout Int) {
        guard depth > 0 else { return }
        for who in 0..<3 {
            for action in [Action.grow(who), .trim(who), .release(who)] {
                var next = state
                apply(action, &next)
                next.cache.checkInvariants(sequences: next.sequences)
                explored += 1
                explore(next, depth: depth - 1, &explored)
            }
        }
    }

    private func apply(_ action: Action, _ state: inout State) {
        switch action {
        case .grow(let who):
            let before = state.sequences[who]
            if state.cache.grow(&state.sequences[who], tokens: state.tokens[who] + 1) {
                state.tokens[who] += 1
            } else {
                precondition(state.cache.pool.freeCount == 0)
                precondition(state.sequences[who] == before)
            }
        case .trim(let who):
            state.cache.trim(&state.sequences[who], computed: state.tokens[who])
        case .release(let who):
            state.cache.release(&state.sequences[who])
            state.tokens[who] = 0
        }
    }
}
