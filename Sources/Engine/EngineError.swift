import KVCache
import QuireIdentifiers
import Scheduling

/// Why a request failed. It concerns that request alone; the others go on.
public struct EngineError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of failure.
    public struct Code: Hashable, Sendable {
        private enum Kind {
            case invalidParameters
            case invalidPrompt
            case refused
            case invalidLogits
            case executorFailed
            case stopped
        }

        private let kind: Kind

        /// A sampling parameter is out of its range.
        public static let invalidParameters = Code(kind: .invalidParameters)

        /// The prompt has a token that the model does not have, or a text cannot be scored.
        public static let invalidPrompt = Code(kind: .invalidPrompt)

        /// The scheduler refuses the request: too long, too large, or too many wait.
        public static let refused = Code(kind: .refused)

        /// The model's logits are not numbers.
        public static let invalidLogits = Code(kind: .invalidLogits)

        /// The executor could not run a step.
        public static let executorFailed = Code(kind: .executorFailed)

        /// The engine is shutting down and takes no more requests.
        public static let stopped = Code(kind: .stopped)
    }

    /// The kind of failure.
    public let code: Code

    /// What is wrong and how to remedy it.
    public let message: String

    /// The message.
    public var description: String { message }

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    init(_ refusal: SchedulingError) {
        self.init(.refused, refusal.message)
    }

    init(_ refusal: KVCacheError) {
        self.init(.refused, refusal.message)
    }

    /// Values of one parameter that are out of its range, all of them as far as there is room.
    static func badValues(_ values: [String], of name: String, range: String) -> EngineError {
        let listed = values.prefix(EngineLimits.maxListedValues).joined(separator: ", ")
        let more = values.count - EngineLimits.maxListedValues
        let rest = more > 0 ? " and \(more) more" : ""
        return EngineError(
            .invalidParameters, "\(name) is \(listed)\(rest); it must be \(range)")
    }

    /// A request to an engine that ends.
    static let stopped = EngineError(
        .stopped, "the engine is shutting down and takes no more requests; ask another one")

    /// A request that the scheduler gives up.
    static let outOfBlocks = EngineError(
        .refused,
        "the request cannot go on, because pinned prefixes hold the blocks that it needs; unpin "
            + "some or enlarge the cache")

    /// A token of a prompt that the vocabulary does not have.
    static func outOfVocabulary(_ token: TokenID, _ vocabularySize: Int) -> EngineError {
        EngineError(
            .invalidPrompt,
            "token \(token) of the prompt is out of vocabulary: this model has \(vocabularySize) "
                + "tokens, 0 to \(vocabularySize - 1); was the prompt made for another model?")
    }
}
