import Tensors

/// What is wrong with a model, or with what was asked of it, and how to remedy it.
///
/// A model file whose bytes cannot be read is a `ModelFileError`; a file that reads well but
/// describes a model that cannot run is a `ModelError`.
public struct ModelError: Error, Sendable, Hashable {
    /// The kind of a `ModelError`; new kinds may be added without breaking a caller.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Kind: String {
            case unsupportedArchitecture
            case unsupportedFeature
            case missingParameter
            case invalidParameter
            case missingTensor
            case invalidTensor
            case invalidPlan
            case outOfMemory
            case invalidPrefixFile
        }

        private let kind: Kind

        private init(_ kind: Kind) {
            self.kind = kind
        }

        /// The file's architecture is not one that Quire runs.
        public static let unsupportedArchitecture = Code(.unsupportedArchitecture)
        /// The architecture is known, but the file uses a part of it that Quire does not run.
        public static let unsupportedFeature = Code(.unsupportedFeature)
        /// A hyper-parameter that the architecture needs is not in the file.
        public static let missingParameter = Code(.missingParameter)
        /// A hyper-parameter has a value that no model can have, or that contradicts another.
        public static let invalidParameter = Code(.invalidParameter)
        /// A tensor that the architecture needs is not in the file.
        public static let missingTensor = Code(.missingTensor)
        /// A tensor has a shape or a format that the architecture does not allow.
        public static let invalidTensor = Code(.invalidTensor)
        /// The executor was asked for a cache or a step that does not fit the model.
        public static let invalidPlan = Code(.invalidPlan)
        /// The system refused memory that was planned.
        public static let outOfMemory = Code(.outOfMemory)

        /// The file for the prefix cache cannot be used.
        public static let invalidPrefixFile = Code(.invalidPrefixFile)

        /// The name of the kind.
        public var description: String { kind.rawValue }
    }

    /// The kind of the error.
    public let code: Code
    /// The metadata key or the tensor's name, where there is one.
    public let subject: String?
    /// What is wrong and how to remedy it, in a sentence or two.
    public let message: String

    /// Describes an error.
    public init(_ code: Code, subject: String? = nil, _ message: String) {
        self.code = code
        self.subject = subject
        self.message = PlainText.lines(message)
    }
}

extension ModelError: CustomStringConvertible {
    /// The message, after the name of the key or tensor where there is one.
    public var description: String {
        subject.map { "\(PlainText.line($0)): \(message)" } ?? message
    }
}
