/// Why a request has no tokens in the step that was planned last.
public enum WaitReason: String, Hashable, Sendable, CaseIterable {
    /// It has arrived since then.
    case arrived
    /// The step's budget of tokens or outputs was spent on others, or held back for the sake of
    /// requests that decode.
    case budget
    /// The pool has too few blocks for it, now or soon.
    case blocks
    /// The batch is full.
    case slots
    /// Others are before it in the queue.
    case order
    /// Its tenant has had more than its share.
    case fairness
    /// Another request computes the prefix that both begin with; it will have it from the cache.
    case prefix
    /// Its blocks are on their way from a slower tier.
    case loading
    /// The batch that runs must end first (the `static` policy).
    case batch
}
