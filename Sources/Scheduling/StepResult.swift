public import Identifiers

/// What became of one row of a step.
public enum RowOutcome: Hashable, Sendable {
    /// Its tokens were computed and no more was wanted: a chunk before the last, or a scored text.
    case advanced
    /// A token was sampled.
    case sampled(TokenID)
    /// The request ended with this step.
    case finished(FinishReason)
}

/// What a completed step means for the requests.
public enum SchedulerAction: Hashable, Sendable {
    /// The request is gone and its blocks are free.
    case finished(RequestID, FinishReason)
}
