import Identifiers
import KVCache

extension Scheduler {
    /// Records what the step in flight did: counts its tokens as computed, appends what was
    /// sampled, removes what ended.
    ///
    /// A request also ends, by `.length`, with the last token that it may have, and a request
    /// without new tokens with the last of its prompt.
    ///
    /// What follows for the requests is told by `takeActions(into:)`, in the order of the rows.
    ///
    /// - Parameters:
    ///   - outcomes: one for each row of the plan, in its order.
    ///   - elapsed: the time that the step took.
    public mutating func complete(_ outcomes: [RowOutcome], elapsed: Duration = .zero) {
        precondition(outcomes.count == inFlight.count, "one outcome for each row of the plan")
        var ended: Set<RequestID> = []
        for (index, outcome) in zip(inFlight, outcomes) {
            running[index].computed += running[index].scheduled
            running[index].scheduled = 0
            if let reason = finish(index, outcome) {
                actions.append(.finished(running[index].id, reason))
                ended.insert(running[index].id)
                release(index)
            }
        }
        inFlight.removeAll(keepingCapacity: true)
        if !ended.isEmpty { running.removeAll { ended.contains($0.id) } }
    }

    /// Moves what happened since the last call into `list`, in order: of plans, completions and
    /// cancellations. What `list` held is dropped.
    public mutating func takeActions(into list: inout [SchedulerAction]) {
        list.removeAll(keepingCapacity: true)
        swap(&list, &actions)
    }

    /// Forgets the step in flight: it had no effect, and the next plan has its rows again.
    public mutating func abandon() {
        for index in inFlight { running[index].scheduled = 0 }
        inFlight.removeAll(keepingCapacity: true)
    }

    /// Applies an outcome; the reason when it ends the request.
    private mutating func finish(_ index: Int, _ outcome: RowOutcome) -> FinishReason? {
        switch outcome {
        case .finished(let reason):
            return reason
        case .forked:
            preconditionFailure("forks are not supported")
        case .advanced:
            let done = running[index].pending == 0
            precondition(
                !done || running[index].request.maxTokens == 0,
                "request \(running[index].id) was computed to its end and nothing was sampled")
            return done ? .length : nil
        case .sampled(let token):
            precondition(
                running[index].pending == 0,
                "a token was sampled for request \(running[index].id) before its last position")
            running[index].tokens.append(token)
            return running[index].total >= running[index].lengthLimit ? .length : nil
        }
    }
}
