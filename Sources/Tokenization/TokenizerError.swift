/// Why a vocabulary cannot be used as a tokenizer.
public struct TokenizerError: Error, Sendable, CustomStringConvertible {
    /// The kind of fault, for a program; `message` is for a person.
    public let code: Code

    /// What is wrong, what was expected, and how to remedy it where that can be known.
    public let message: String

    /// Makes an error.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The message.
    public var description: String { message }
}

extension TokenizerError {
    /// The kinds of fault. A struct around a private enum, so that a new code breaks no `switch`.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Kind: String {
            case badFile, missingKey, unsupportedModel, unsupportedPattern, unsupportedStep
            case badVocabulary, duplicateToken, badMerge, badSpecialToken, tooLarge
        }
        private let kind: Kind
        private init(_ kind: Kind) { self.kind = kind }

        /// The code's name, as in the source.
        public var description: String { kind.rawValue }

        /// The file that holds the tokenizer is not readable as GGUF or JSON.
        public static let badFile = Code(.badFile)
        /// A key that a tokenizer needs is missing or of the wrong type.
        public static let missingKey = Code(.missingKey)
        /// A kind of tokenizer model that is not implemented.
        public static let unsupportedModel = Code(.unsupportedModel)
        /// A pre-tokenizer pattern that is not implemented.
        public static let unsupportedPattern = Code(.unsupportedPattern)
        /// A normalizer, pre-tokenizer, decoder or post-processor that is not implemented.
        public static let unsupportedStep = Code(.unsupportedStep)
        /// A vocabulary that is empty, has holes, or lists of different lengths.
        public static let badVocabulary = Code(.badVocabulary)
        /// Two ids with the same text.
        public static let duplicateToken = Code(.duplicateToken)
        /// A merge that is not a pair of tokens of the vocabulary.
        public static let badMerge = Code(.badMerge)
        /// An added or special token that contradicts the vocabulary.
        public static let badSpecialToken = Code(.badSpecialToken)
        /// More than one of the bounds in `TokenizerLimits` allows.
        public static let tooLarge = Code(.tooLarge)
    }
}

/// A piece of a file quoted in a message: cut to a bounded length, control characters escaped.
func quoted(_ text: String) -> String {
    var result = "'"
    for (count, scalar) in text.unicodeScalars.enumerated() {
        if count == TokenizerLimits.quotedCharacters {
            return result + "...'"
        }
        switch scalar.properties.generalCategory {
        case .control, .format: result += scalar.escaped(asASCII: true)
        default: result += String(scalar)
        }
    }
    return result + "'"
}
