/// Why a KV cache cannot be planned or cannot keep something; the message says what would do.
public struct KVCacheError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of failure.
    public struct Code: Hashable, Sendable {
        /// The kinds, for a `switch` that forgets none.
        package enum Kind {
            case invalidConfiguration
            case insufficientMemory
            case notCached
            case pinLimit
        }

        /// The kind.
        package let kind: Kind

        /// A number of the configuration is out of its range.
        public static let invalidConfiguration = Code(kind: .invalidConfiguration)

        /// The budget does not hold one sequence of the wanted length.
        public static let insufficientMemory = Code(kind: .insufficientMemory)

        /// What should be pinned is not in the cache.
        public static let notCached = Code(kind: .notCached)

        /// The limit of pins or of pinned blocks is reached.
        public static let pinLimit = Code(kind: .pinLimit)
    }

    /// The kind of failure.
    public let code: Code

    /// What is wrong and how to remedy it, for the person who chose the configuration.
    public let message: String

    /// The message.
    public var description: String { message }

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}
