/// What went wrong with the store, a source or a download, and how to remedy it.
public struct ModelStoreError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of failure; a new kind is no breaking change.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Kind: String {
            case invalidName, invalidSource, notFound, ambiguous
            case unreachable, unauthorized, missingRemotely, refused
            case remoteChanged, truncated, checksumMismatch, notAModel
            case diskFull, fileSystem, busy
            case toolMissing, toolFailed
            case cancelled, allSourcesFailed
        }

        private let kind: Kind

        /// A name that cannot be a model's.
        public static let invalidName = Code(kind: .invalidName)
        /// A source that cannot be understood or is not allowed.
        public static let invalidSource = Code(kind: .invalidSource)
        /// Neither an installed model nor a file.
        public static let notFound = Code(kind: .notFound)
        /// The name of several models.
        public static let ambiguous = Code(kind: .ambiguous)
        /// The server cannot be reached.
        public static let unreachable = Code(kind: .unreachable)
        /// The server wants credentials or does not accept the given ones.
        public static let unauthorized = Code(kind: .unauthorized)
        /// The server does not have the file.
        public static let missingRemotely = Code(kind: .missingRemotely)
        /// The server answered with something unusable.
        public static let refused = Code(kind: .refused)
        /// The file changed on the server while it was being downloaded.
        public static let remoteChanged = Code(kind: .remoteChanged)
        /// Fewer bytes arrived than were announced.
        public static let truncated = Code(kind: .truncated)
        /// The bytes are not those that were promised.
        public static let checksumMismatch = Code(kind: .checksumMismatch)
        /// The file is not a GGUF file.
        public static let notAModel = Code(kind: .notAModel)
        /// The disk has no room.
        public static let diskFull = Code(kind: .diskFull)
        /// A file or folder cannot be read or written.
        public static let fileSystem = Code(kind: .fileSystem)
        /// Another process is downloading the same model.
        public static let busy = Code(kind: .busy)
        /// A program that the source needs is not installed.
        public static let toolMissing = Code(kind: .toolMissing)
        /// A program that the source needs failed.
        public static let toolFailed = Code(kind: .toolFailed)
        /// The caller cancelled.
        public static let cancelled = Code(kind: .cancelled)
        /// Every source of the model failed.
        public static let allSourcesFailed = Code(kind: .allSourcesFailed)

        /// The code's name.
        public var description: String { kind.rawValue }
    }

    /// The kind of failure.
    public let code: Code
    /// What is wrong and how to remedy it.
    public let message: String

    /// The message.
    public var description: String { message }

    /// - Parameter message: may hold what a server, a file or a program said; what a terminal
    ///   would obey in it is escaped here, for every error alike.
    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = ForeignText.message(message)
    }
}
