import KVCache
package import QuireIdentifiers

// Drafts: proposals for what a sequence's next tokens are. They are computed in the row of its
// decode, which costs little more than the row without them, and sampling decides how many of them
// are the tokens that come. So a row may bring several tokens, and which tokens come does not
// depend on what was proposed. A draft takes no block and no place in the step from any other
// request, and its block is registered when the draft is accepted.

extension Scheduler {
    /// Proposes what the next tokens of a sequence are, for the step in which it decodes. Takes the
    /// place of what was proposed before. Between steps only.
    ///
    /// - Complexity: O(drafts).
    package mutating func propose(_ drafts: [TokenID], for id: SequenceID) {
        precondition(inFlight.isEmpty, "drafts are proposed between steps")
        guard let slot = table.slot(of: id) else { return }
        table.states[slot].drafts = drafts
    }

    /// The known tokens of a sequence, its prompt's among them; nil when there is none of this
    /// number.
    package func tokens(of id: SequenceID) -> [TokenID]? {
        table.slot(of: id).map { table.states[$0].tokens }
    }

    /// How many drafts go into a sequence's row.
    mutating func draftCount(_ slot: Int) -> Int {
        let state = table.states[slot]
        guard !state.drafts.isEmpty, state.request.maxTokens > 0 else { return 0 }
        // A token is sampled behind the last draft too.
        let room = min(state.lengthLimit - state.total, configuration.maxChunk) - 1
        return max(0, min(state.drafts.count, room, spareForDrafts))
    }

    /// Tokens of the step's bounds that are left when all decoding requests have their token.
    private var spareForDrafts: Int {
        let waiting = step.batch.count { slot in
            table.states[slot].phase == .running && table.states[slot].isDecoding
                && table.states[slot].consideredStep != step.number
        }
        // The one that is being planned is considered already.
        return min(step.tokens, step.outputs) - waiting - 1
    }

    /// Gives a request that decodes a row with drafts; false when there is no room for them.
    mutating func decodeDrafts(_ slot: Int, into plan: inout StepPlan) -> Bool {
        let count = draftCount(slot)
        guard count > 0 else { return false }
        let start = table.states[slot].computed
        let end = start + 1 + count
        cache.trim(&table.states[slot].blocks, computed: start)
        let writesFrom = table.states[slot].forked ? start : nil
        let needed =
            cache.blocksToGrow(table.states[slot].blocks, tokens: end, from: writesFrom)
            + neededInStep(besides: slot)
        guard needed <= cache.gauges.allocatable,
            cache.grow(&table.states[slot].blocks, tokens: end, from: writesFrom)
        else { return false }
        emit(slot, from: start, to: end, drafts: count, into: &plan)
        return true
    }

    /// Takes in the drafts of the step in flight that were accepted, before it is settled: their
    /// blocks are in this step. What others hold of it stays where it is.
    mutating func verifyDrafts(_ outcomes: [RowOutcome]) {
        for (index, slot) in inFlight.enumerated() where table.states[slot].drafted > 0 {
            let drafted = table.states[slot].drafted
            let drafts = table.states[slot].drafts
            var accepted = 0
            switch outcomes[index] {
            case .accepted(let tokens, let ending):
                accepted = ending == nil ? tokens.count - 1 : tokens.count
                precondition(
                    accepted <= drafted
                        && tokens.prefix(accepted).elementsEqual(drafts.prefix(accepted)),
                    "tokens were accepted that nobody drafted")
                table.states[slot].tokens.append(contentsOf: tokens.prefix(accepted))
                noteGenerated(accepted, by: slot)
            case .forked: preconditionFailure("a sequence with drafts was forked")
            case .advanced, .sampled, .held, .finished: break
            }
            counts.draftTokens += drafted
            counts.acceptedDrafts += accepted
            table.states[slot].scheduled -= drafted - accepted
            table.states[slot].drafted = 0
            table.states[slot].drafts.removeAll(keepingCapacity: true)
            let verified = table.states[slot].computed + table.states[slot].scheduled
            if cache.configuration.prefixCaching {
                table.states[slot].commit(in: &cache, upTo: verified)
            }
            cache.truncate(&table.states[slot].blocks, tokens: verified)
            table.states[slot].room = 0
        }
    }
}
