/// What the numbers beside a chosen token are. The raw values are the interface's spelling.
///
/// The processed ones are of the row that the token was drawn from: after the masks, the biases,
/// the penalties, the temperature and the filters, where what is ruled out is at minus infinity.
public enum LogprobsMode: String, Hashable, Sendable, CaseIterable {
    /// Log probabilities of the model's own distribution.
    case rawLogprobs = "raw_logprobs"
    /// The model's own logits.
    case rawLogits = "raw_logits"
    /// Log probabilities of the distribution that is drawn from.
    case processedLogprobs = "processed_logprobs"
    /// Logits of the distribution that is drawn from.
    case processedLogits = "processed_logits"

    /// Whether the numbers are of the row that is drawn from.
    var isProcessed: Bool { self == .processedLogprobs || self == .processedLogits }

    /// Whether the numbers are logits.
    var isLogits: Bool { self == .rawLogits || self == .processedLogits }
}
