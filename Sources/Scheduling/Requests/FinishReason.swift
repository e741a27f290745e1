/// Why a request ended.
public enum FinishReason: String, Hashable, Sendable, CaseIterable {
    /// The model produced an end-of-generation token, or the caller's stop condition was met.
    case stop
    /// The wanted number of tokens, or the longest context, was reached.
    case length
    /// Its last tokens repeated themselves as its repetition detection says.
    case repetition
    /// The caller gave up.
    case cancelled
    /// The request cannot go on: its logits are not numbers, or the executor failed.
    case failed
}
