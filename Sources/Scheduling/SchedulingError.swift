/// Why a request is refused; the message says what would be accepted.
public struct SchedulingError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of refusal.
    public struct Code: Hashable, Sendable {
        /// The kinds, for a `switch` that forgets none.
        package enum Kind {
            case invalidConfiguration
            case invalidRequest
            case tooManyBlocks
            case emptyPrompt
            case promptTooLong
            case queueFull
            case duplicateRequest
        }

        /// The kind.
        package let kind: Kind

        /// A number of the scheduler's configuration is out of its range.
        public static let invalidConfiguration = Code(kind: .invalidConfiguration)

        /// A number of the request is out of its range.
        public static let invalidRequest = Code(kind: .invalidRequest)

        /// The request could take more blocks than the cache has.
        public static let tooManyBlocks = Code(kind: .tooManyBlocks)

        /// The prompt has no token.
        public static let emptyPrompt = Code(kind: .emptyPrompt)

        /// The prompt leaves no room for an answer in the longest context, which is also the
        /// longest that the pool can hold.
        public static let promptTooLong = Code(kind: .promptTooLong)

        /// As many requests as allowed are waiting.
        public static let queueFull = Code(kind: .queueFull)

        /// A request of this number is waiting or running.
        public static let duplicateRequest = Code(kind: .duplicateRequest)
    }

    /// The kind of refusal.
    public let code: Code

    /// What is wrong and how to remedy it.
    public let message: String

    /// The message.
    public var description: String { message }

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}
