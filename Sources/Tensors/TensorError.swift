/// What went wrong with memory or a file, and how to remedy it.
public struct TensorError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of the error.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Kind: String {
            case fileNotFound, permissionDenied, notARegularFile, emptyFile, fileUnreadable
            case fileUnwritable, fileInUse
            case outOfMemory, tooLarge, invalidShape
        }

        private let kind: Kind

        /// There is no file at the path.
        public static let fileNotFound = Code(kind: .fileNotFound)
        /// The file may not be read by this user.
        public static let permissionDenied = Code(kind: .permissionDenied)
        /// The path names a directory, a pipe, a socket or a device.
        public static let notARegularFile = Code(kind: .notARegularFile)
        /// The file has no bytes.
        public static let emptyFile = Code(kind: .emptyFile)
        /// The operating system refused to open or map the file for another reason.
        public static let fileUnreadable = Code(kind: .fileUnreadable)
        /// The operating system refused to make or write the file, or the disk is full.
        public static let fileUnwritable = Code(kind: .fileUnwritable)
        /// Another process has locked the file.
        public static let fileInUse = Code(kind: .fileInUse)
        /// The operating system has no memory of that size to give.
        public static let outOfMemory = Code(kind: .outOfMemory)
        /// A size exceeds what the machine can address.
        public static let tooLarge = Code(kind: .tooLarge)
        /// Sizes contradict each other or lie outside a tensor.
        public static let invalidShape = Code(kind: .invalidShape)

        /// The name of the code.
        public var description: String { kind.rawValue }
    }

    /// The kind of the error.
    public let code: Code

    /// What is wrong and how to remedy it.
    public let message: String

    /// Makes an error of a kind with its message.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = PlainText.lines(message)
    }

    /// The message.
    public var description: String { message }
}
