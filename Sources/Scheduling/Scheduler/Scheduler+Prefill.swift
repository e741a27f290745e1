import KVCache
import QuireIdentifiers

// Requests with one prefix compute it once.
//
// A request that computes its prompt registers each block in the step that fills it, so that others
// hit it in the same step: within a layer everything is written before anything is read. Before
// each chunk a request therefore looks again at what the cache has by now ("late hits"). If the
// block it would have to compute next is one that another request of this step is at work on, it
// *follows*: it takes nothing from the step's budget and has the block from the cache soon. The one
// that it follows is always planned before it and gets tokens in this very step, so requests never
// follow in a circle, and when the leader is preempted or cancelled the first follower leads.

extension Scheduler {
    /// Gives a request that computes its prompt a chunk of it, after what the cache has.
    mutating func prefill(_ slot: Int, into plan: inout StepPlan) {
        guard table.states[slot].phase == .running, table.states[slot].scheduled == 0,
            table.states[slot].consideredStep != step.number
        else { return }
        table.states[slot].consideredStep = step.number
        guard step.tokens > 0 else {
            table.states[slot].reason = .budget
            return
        }
        guard restore(slot) else { return }
        while true {
            let computed = table.states[slot].computed
            let match = lateHits(slot)
            if let match, waitsForFile(slot, match) {
                table.states[slot].reason = .loading
                return
            }
            let start = max(computed, match?.tokens ?? 0)
            if follows(slot, at: start, match) {
                table.states[slot].reason = .prefix
                return
            }
            let count = chunk(slot, from: start)
            guard count > 0 else {
                table.states[slot].reason = .budget
                return
            }
            let end = start + count
            if let match, start > computed {
                guard adopt(match, slot, upTo: end) else {
                    // The blocks that a victim gives up may be those that were matched.
                    if makeWay(for: slot) { continue }
                    table.states[slot].reason = .blocks
                    return
                }
            } else {
                guard grow(slot, from: start, to: end) else {
                    table.states[slot].reason = .blocks
                    return
                }
            }
            announce(slot, match)
            spend(count, from: start)
            emit(slot, from: start, to: end, into: &plan)
            lead(slot, from: end)
            return
        }
    }

    /// What the cache has beyond what is computed; nil where there is nothing to look for.
    private mutating func lateHits(_ slot: Int) -> PrefixMatch? {
        let computed = table.states[slot].computed
        guard cache.configuration.prefixCaching, computed % cache.layout.blockSize == 0,
            computed < table.states[slot].reusableTokens || !table.states[slot].announced
        else { return nil }
        let match = table.states[slot].match(in: cache)
        return keepsPromises(slot, match) ? match : nil
    }

    /// Whether blocks of a match are on their way from the file.
    ///
    /// Of two requests whose prefixes have no room in the host tier together, each may drive out
    /// what the other has fetched. So it asks only so many times before it goes on with what is
    /// there.
    private mutating func waitsForFile(_ slot: Int, _ match: PrefixMatch) -> Bool {
        let mayBegin = table.states[slot].fetches < SchedulingLimits.maxFetches
        switch cache.fetch(match, beginning: mayBegin) {
        case .nothing: return false
        case .underWay: return true
        case .begun:
            table.states[slot].fetches += 1
            return true
        }
    }

    /// Whether the next full block is being computed by a request that was planned before.
    private func follows(_ slot: Int, at start: Int, _ match: PrefixMatch?) -> Bool {
        guard !step.leading.isEmpty, let match else { return false }
        let block = max(start / cache.layout.blockSize, match.fullBlocks)
        // What is wanted of the block must be its keys and values alone, all of it.
        guard (block + 1) * cache.layout.blockSize <= table.states[slot].reusableTokens,
            block < table.states[slot].keys.keys.count
        else { return false }
        return step.leading.contains(table.states[slot].keys.keys[block])
    }

    /// Says which block a request that is not through with its prompt computes next.
    private mutating func lead(_ slot: Int, from end: Int) {
        guard cache.configuration.prefixCaching, end < table.states[slot].total else { return }
        let block = end / cache.layout.blockSize
        guard block < table.states[slot].keys.keys.count else { return }
        step.leading.append(table.states[slot].keys.keys[block])
    }

    /// Takes over what was matched, with blocks up to `end`.
    private mutating func adopt(_ match: PrefixMatch, _ slot: Int, upTo end: Int) -> Bool {
        cache.trim(&table.states[slot].blocks, computed: table.states[slot].computed)
        let needed = match.partialTokens > 0 ? neededInStep(besides: slot) : 0
        guard cache.adopt(match, &table.states[slot].blocks, tokens: end, keeping: needed)
        else { return false }
        let gained = match.tokens - table.states[slot].computed
        table.states[slot].computed = match.tokens
        table.states[slot].cachedTokens += gained
        if match.pendingHits > 0 { step.borrowers.append(slot) }
        if table.states[slot].announced { counts.hitTokens += gained }
        return true
    }

    /// Tells of an admission when the request has its first tokens, because only then is it known
    /// what it need not compute; statistics count the look-up here too, once.
    private mutating func announce(_ slot: Int, _ match: PrefixMatch?) {
        guard !table.states[slot].announced else { return }
        table.states[slot].announced = true
        let cached = table.states[slot].cachedTokens
        if match != nil {
            cache.noteLookup(table.states[slot].keys)
            counts.prefixQueries += 1
            counts.queriedTokens += table.states[slot].total
            counts.hitTokens += cached
        }
        // A request that came back from the host tier in the middle of a block looks for nothing.
        let computed = table.states[slot].computed
        let end =
            match?.end
            ?? (cache.configuration.prefixCaching ? .limit(position: computed) : .disabled)
        actions.append(
            .admitted(
                table.states[slot].id,
                Admission(
                    cachedTokens: cached, prefixEnd: end,
                    resumed: table.states[slot].preemptions > 0)))
    }

    /// How many tokens of its prompt a request may compute in this step.
    private func chunk(_ slot: Int, from start: Int) -> Int {
        let left = table.states[slot].total - start
        var count = min(left, configuration.maxChunk, step.tokens)
        // Of the chunk, the logits from `nextOutput` on are wanted, and fewer may be left.
        count = min(count, max(0, table.states[slot].nextOutput - start) + step.outputs)
        guard let seconds = step.prefillSeconds else { return count }
        let affordable = stepTime.tokens(within: seconds, from: start, atMost: count)
        return min(count, max(affordable, step.minPrefill))
    }

    private mutating func spend(_ count: Int, from start: Int) {
        guard let seconds = step.prefillSeconds else { return }
        step.minPrefill = max(0, step.minPrefill - count)
        step.prefillSeconds = max(0, seconds - stepTime.cost(of: count, from: start))
    }
}
