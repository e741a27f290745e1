import KVCache
import QuireIdentifiers

extension Scheduler {
    /// Records what the step in flight did: counts its tokens as computed, appends what was
    /// sampled, forks and removes.
    ///
    /// A request also ends, by `.length`, with the last token that it may have, and a request
    /// without new tokens with the last of its prompt. What follows for the requests is told by
    /// `takeActions(into:)`, in the order of the rows.
    ///
    /// - Parameters:
    ///   - outcomes: one for each row of the plan, in its order.
    ///   - elapsed: the time that the step took; `interTokenTarget` learns from it.
    /// - Complexity: O(rows), and O(blocks) for a request that ends.
    package mutating func complete(_ outcomes: [RowOutcome], elapsed: Duration = .zero) {
        precondition(outcomes.count == inFlight.count, "one outcome for each row of the plan")
        if elapsed > .zero {
            stepTime.observe(
                tokens: step.plannedTokens, attended: step.attended, seconds: elapsed.seconds)
        }
        if step.drafted > 0 { verifyDrafts(outcomes) }
        cache.settle()
        counts.steps += 1
        counts.computedTokens += step.plannedTokens
        for (index, slot) in inFlight.enumerated() {
            advance(slot)
            switch outcomes[index] {
            case .finished(let reason):
                end(slot, reason)
            case .advanced:
                let done = table.states[slot].pending == 0
                precondition(
                    !done || table.states[slot].request.maxTokens == 0,
                    "request \(table.states[slot].id) was computed to its end and nothing sampled")
                if done { end(slot, .length) }
            case .sampled(let token):
                append(token, to: slot)
            case .accepted(_, let reason?):
                end(slot, reason)
            case .accepted(let tokens, nil):
                guard let last = tokens.last else { preconditionFailure("no token was accepted") }
                append(last, to: slot)
            case .forked(let own, let forks):
                fork(slot, own: own, forks)
            case .held:
                hold(slot)
            }
        }
        inFlight.removeAll(keepingCapacity: true)
    }

    /// Forgets the step in flight: it had no effect, and its tokens are planned again.
    ///
    /// A request that shares blocks which the step would have written gives them back, and looks
    /// the cache up again when it is planned next.
    package mutating func abandon() {
        cache.abandonPending()
        for slot in inFlight {
            table.states[slot].scheduled = 0
            table.states[slot].drafted = 0
            let computed = table.states[slot].computed
            cache.truncate(&table.states[slot].blocks, tokens: computed)
            table.states[slot].room = 0
        }
        inFlight.removeAll(keepingCapacity: true)
        for slot in step.borrowers where table.states[slot].phase == .running {
            cache.release(&table.states[slot].blocks)
            table.states[slot].room = 0
            table.states[slot].computed = 0
        }
        step.borrowers.removeAll(keepingCapacity: true)
    }

    /// Counts the tokens of a request's row as computed.
    private mutating func advance(_ slot: Int) {
        let start = table.states[slot].computed
        let end = start + table.states[slot].scheduled
        table.states[slot].computed = end
        table.states[slot].scheduled = 0
        table.states[slot].nextOutput = max(table.states[slot].nextOutput, end)
        counts.recomputedTokens += max(0, min(end, table.states[slot].mostComputed) - start)
        table.states[slot].mostComputed = max(table.states[slot].mostComputed, end)
    }

    /// Takes a sampled token in; the request may end with it.
    mutating func append(_ token: TokenID, to slot: Int) {
        precondition(
            table.states[slot].pending == 0,
            "a token was sampled for request \(table.states[slot].id) before its last position")
        table.states[slot].tokens.append(token)
        noteGenerated(1, by: slot)
        if table.states[slot].total >= table.states[slot].lengthLimit { end(slot, .length) }
    }

    /// Counts generated tokens, for statistics and the order policy.
    mutating func noteGenerated(_ tokens: Int, by slot: Int) {
        counts.generatedTokens += tokens
        guard orderCountsTokens else { return }
        order.note(.generated(lane: table.states[slot].lane, tokens: tokens))
    }

    /// Ends a running request.
    mutating func end(_ slot: Int, _ reason: FinishReason) {
        if reason == .stop || reason == .length { learnLength(slot) }
        actions.append(.finished(table.states[slot].id, reason))
        remove(slot)
    }

    /// Takes a request out of the queue or the batch, its blocks back, and forgets it.
    mutating func remove(_ slot: Int) {
        switch table.states[slot].phase {
        case .waiting:
            dequeue(slot)
            order.note(.left(lane: table.states[slot].lane, prompt: 0, cached: 0))
        case .running:
            cache.release(&table.states[slot].blocks)
            table.states[slot].room = 0
            leave(slot)
        case .held:
            cache.release(&table.states[slot].blocks)
            table.states[slot].room = 0
            held.removeAll { $0 == slot }
        }
        if let swap = table.states[slot].swap { cache.discard(swap) }
        counts.finished += 1
        table.remove(slot)
    }

    /// Remembers how long an answer was; texts that are scored have none.
    private mutating func learnLength(_ slot: Int) {
        guard table.states[slot].request.maxTokens > 0 else { return }
        answerLengths.record(max(1, table.states[slot].generated))
    }
}
