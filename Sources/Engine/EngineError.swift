import KVCache
import QuireIdentifiers
import Scheduling

/// Why a request failed. It concerns that request alone; the others go on.
public struct EngineError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of failure.
    public struct Code: Hashable, Sendable {
        /// The kinds, for a `switch` that forgets none.
        package enum Kind: CaseIterable {
            case invalidParameters
            case invalidPrompt
            case promptTooLong
            case insufficientCache
            case queueFull
            case notCached
            case pinLimit
            case invalidConfiguration
            case invalidLogits
            case executorFailed
            case stopped
        }

        /// The kind.
        package let kind: Kind

        /// All of them.
        package static var all: [Code] { Kind.allCases.map { Code(kind: $0) } }

        /// A sampling parameter is out of its range.
        public static let invalidParameters = Code(kind: .invalidParameters)

        /// The prompt is empty or has a token that the model does not have, or a text cannot be
        /// scored.
        public static let invalidPrompt = Code(kind: .invalidPrompt)

        /// The prompt leaves no room for an answer in the longest context.
        public static let promptTooLong = Code(kind: .promptTooLong)

        /// The request takes more blocks than the cache has, or than pinned prefixes leave of it.
        public static let insufficientCache = Code(kind: .insufficientCache)

        /// The queue is full; the same request may be answered later.
        public static let queueFull = Code(kind: .queueFull)

        /// What should be pinned is not in the cache.
        public static let notCached = Code(kind: .notCached)

        /// The limit of pins or of pinned blocks is reached.
        public static let pinLimit = Code(kind: .pinLimit)

        /// The engine's configuration does not suit its executor or its plan.
        public static let invalidConfiguration = Code(kind: .invalidConfiguration)

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

    /// The parameter that it concerns, as requests of OpenAI's interface and vLLM's call it.
    package let parameter: String?

    /// The message.
    public var description: String { message }

    init(_ code: Code, _ message: String, parameter: String? = nil) {
        self.code = code
        self.message = message
        self.parameter = parameter
    }

    /// What the scheduler says of a request or of its own configuration.
    init(_ refusal: SchedulingError) {
        let code: Code =
            switch refusal.code.kind {
            case .invalidConfiguration: .invalidConfiguration
            case .invalidRequest: .invalidParameters
            case .emptyPrompt: .invalidPrompt
            case .promptTooLong: .promptTooLong
            case .tooManyBlocks: .insufficientCache
            case .queueFull: .queueFull
            case .duplicateRequest:
                preconditionFailure("a sequence has another's number: \(refusal.message)")
            }
        self.init(code, refusal.message)
    }

    /// What the cache says of a prefix that is to be pinned.
    init(_ refusal: KVCacheError) {
        let code: Code =
            switch refusal.code.kind {
            case .notCached: .notCached
            case .pinLimit: .pinLimit
            case .insufficientMemory: .insufficientCache
            case .invalidConfiguration: .invalidConfiguration
            }
        self.init(code, refusal.message)
    }

    /// Values of one parameter that are out of its range, all of them as far as there is room.
    static func badValues(
        _ values: [String], of name: String, range: String, parameter: String? = nil
    ) -> EngineError {
        let listed = values.prefix(EngineLimits.maxListedValues).joined(separator: ", ")
        let more = values.count - EngineLimits.maxListedValues
        let rest = more > 0 ? " and \(more) more" : ""
        return EngineError(
            .invalidParameters, "\(name) is \(listed)\(rest); it must be \(range)",
            parameter: parameter)
    }

    /// A request to an engine that ends.
    static let stopped = EngineError(
        .stopped, "the engine is shutting down and takes no more requests; ask another one")

    /// A request that the scheduler gives up.
    static let outOfBlocks = EngineError(
        .insufficientCache,
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
