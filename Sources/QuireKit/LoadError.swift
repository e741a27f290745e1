import KVCache
import ModelFiles
import ModelStore
import QuireEngine
import QuireModels
import Tensors
import Tokenization

/// Why a model could not be opened, and how to remedy it.
public struct LoadError: Error, Sendable, CustomStringConvertible {
    /// The kind of failure. A struct around a private enum, so that a new code breaks no `switch`.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Kind: String {
            case notFound, invalidOptions, invalidFile, unsupported, insufficientMemory, failed
        }
        private let kind: Kind
        private init(_ kind: Kind) { self.kind = kind }

        /// The code's name.
        public var description: String { kind.rawValue }

        /// Neither an installed model nor a file.
        public static let notFound = Code(.notFound)
        /// An option is out of its range.
        public static let invalidOptions = Code(.invalidOptions)
        /// The file cannot be read, is damaged, or contradicts itself.
        public static let invalidFile = Code(.invalidFile)
        /// The file is in order and needs something that Quire does not do.
        public static let unsupported = Code(.unsupported)
        /// Model and cache need more memory than there is; known before anything is loaded.
        public static let insufficientMemory = Code(.insufficientMemory)
        /// The system refused something that was planned.
        public static let failed = Code(.failed)
    }

    /// The kind of failure, for a program; `message` is for a person.
    public let code: Code

    /// What is wrong and what to do about it.
    public let message: String

    /// The error of the part where it happened; nil where that is the opening itself.
    public let cause: (any Error)?

    /// The message.
    public var description: String { message }

    init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        // Paths and causes may hold what would command a terminal.
        self.message = PlainText.lines(message)
        self.cause = cause
    }

    /// Runs a part of the opening; whatever it throws becomes a `LoadError`.
    static func mapping<Value>(_ body: () throws -> Value) throws(LoadError) -> Value {
        do {
            return try body()
        } catch {
            throw LoadError(error)
        }
    }

    /// The one table from the errors of the parts to the codes of this one.
    init(_ error: any Error) {
        switch error {
        case let error as LoadError: self = error
        case let error as ModelStoreError:
            self.init(error.code == .notFound ? .notFound : .failed, error.message, cause: error)
        case let error as ModelFileError:
            let isOfFile = error.code != .notWritable && error.code != .cancelled
            self.init(isOfFile ? .invalidFile : .failed, error.description, cause: error)
        case let error as TokenizerError:
            self.init(Self.code(of: error), error.description, cause: error)
        case let error as ModelError:
            self.init(Self.code(of: error), error.description, cause: error)
        case let error as KVCacheError:
            self.init(
                error.code == .insufficientMemory ? .insufficientMemory : .invalidOptions,
                error.message, cause: error)
        case let error as EngineError:
            self.init(
                error.code == .executorFailed ? .failed : .invalidOptions, error.message,
                cause: error)
        default: self.init(.failed, "\(error)", cause: error)
        }
    }

    private static func code(of error: TokenizerError) -> Code {
        error.code == .unsupportedModel ? .unsupported : .invalidFile
    }

    private static func code(of error: ModelError) -> Code {
        switch error.code {
        case .unsupportedArchitecture, .unsupportedFeature: .unsupported
        case .outOfMemory: .failed
        case .invalidPlan: .invalidOptions
        default: .invalidFile
        }
    }
}
