import DequeModule
import Identifiers
import KVCache

extension Scheduler {
    /// Makes the next step; empty when there is nothing to do.
    ///
    /// After a plan that is not empty comes `complete(_:)` or `abandon()`.
    ///
    /// - Parameters:
    ///   - plan: takes the step; what it held is dropped and its memory used again.
    ///   - now: the caller's clock, for the requests' records.
    /// - Complexity: O(rows + block table entries of the rows).
    public mutating func plan(into plan: inout StepPlan, now: Duration) {
        precondition(inFlight.isEmpty, "the step before is not completed")
        plan.removeAll()
        var budget = Budget(
            tokens: configuration.maxStepTokens, outputs: configuration.maxStepOutputs)
        // Decodes first: whoever has begun to answer keeps the pace, whatever prompts arrive.
        for index in running.indices where running[index].pending == 1 {
            schedule(index, into: &plan, &budget)
        }
        for index in running.indices where running[index].pending > 1 {
            schedule(index, into: &plan, &budget)
        }
        while budget.tokens > 0, budget.outputs > 0, admit(now: now) {
            schedule(running.count - 1, into: &plan, &budget)
        }
    }

    /// The next step, in memory of its own.
    public mutating func plan(now: Duration) -> StepPlan {
        var plan = StepPlan(groups: cache.plan.groups.count)
        self.plan(into: &plan, now: now)
        return plan
    }

    /// What is left of a step's bounds.
    struct Budget {
        var tokens: Int
        var outputs: Int
    }

    /// Moves the first waiting request to the running ones; false when it must wait.
    private mutating func admit(now: Duration) -> Bool {
        guard running.count < configuration.maxRunning, let first = waiting.first,
            reserved + first.reservation <= cache.plan.capacity
        else { return false }
        var state = waiting.removeFirst()
        state.phase = .running
        state.started = now
        reserved += state.reservation
        actions.append(
            .admitted(
                state.id, Admission(cachedTokens: 0, prefixEnd: .disabled, resumed: false)))
        running.append(state)
        return true
    }

    /// Gives a running request as many tokens of the step as it needs and the bounds allow.
    private mutating func schedule(
        _ index: Int, into plan: inout StepPlan, _ budget: inout Budget
    ) {
        // Field by field: a copy of the state would share its tables and make `grow` copy them.
        let start = running[index].computed
        let firstOutput = running[index].request.firstOutput
        var count = min(running[index].pending, configuration.maxChunk, budget.tokens)
        // Of the chunk, the logits from `firstOutput` on are wanted, and fewer may be left.
        count = min(count, max(0, firstOutput - start) + budget.outputs)
        guard count > 0 else { return }
        let end = start + count
        let outputs = min(count, max(0, end - firstOutput))

        cache.trim(&running[index].blocks, computed: start)
        let grown = cache.grow(&running[index].blocks, tokens: end)
        precondition(grown, "request \(running[index].id) has outgrown its reservation")
        plan.append(
            running[index].id, tokens: running[index].tokens[start..<end], at: start,
            blocks: running[index].blocks, outputs: outputs,
            samples: running[index].request.maxTokens > 0 && end == running[index].total)
        running[index].scheduled = count
        inFlight.append(index)
        budget.tokens -= count
        budget.outputs -= outputs
    }
}
