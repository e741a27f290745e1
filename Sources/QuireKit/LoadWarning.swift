/// Something that did not keep a model from being opened and that a person may want to know.
public struct LoadWarning: Hashable, Sendable, CustomStringConvertible {
    /// What a warning is about.
    public enum Subject: String, Hashable, Sendable {
        /// The tokenizer's data left something unsaid or said it wrong.
        case tokenizer
        /// Parts of the file that change what the model computes and that are not read.
        case unread
        /// More threads than cores.
        case threads
        /// A context beyond the one that the model was trained on.
        case context
        /// Experts that stay in the model's file.
        case experts
        /// The file of packed weights.
        case packedWeights = "packed-weights"
        /// The file of the prefix cache.
        case prefixCache = "prefix-cache"
    }

    /// What it is about.
    public let subject: Subject

    /// What is so, and what to do about it.
    public let message: String

    /// Whether something is not as was asked for; otherwise it is news, such as a file that was
    /// made.
    public let isFault: Bool

    /// The message.
    public var description: String { message }

    init(_ subject: Subject, _ message: String, isFault: Bool = true) {
        self.subject = subject
        self.message = message
        self.isFault = isFault
    }
}
