/// Why a text is not the JSON that its reader asked for, and where.
public struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of fault, for a program; `message` is for a person.
    public let code: Code

    /// The text at fault, as the caller named it.
    public let path: String

    /// Where the fault is, in bytes from the start of the text.
    public let offset: Int

    /// What is wrong and what was expected.
    public let message: String

    /// Makes an error.
    public init(_ code: Code, path: String, offset: Int, _ message: String) {
        self.code = code
        self.path = path
        self.offset = offset
        self.message = message
    }

    /// One line: text, place, message.
    public var description: String { "\(path): at byte \(offset): \(message)" }

    /// The kinds of fault. A struct around a private enum, so that a new code breaks no `switch`.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Kind: String { case badJSON, tooLarge }
        private let kind: Kind
        private init(_ kind: Kind) { self.kind = kind }

        /// The code's name.
        public var description: String { kind.rawValue }

        /// The text is not JSON, is nested too deep, or holds another value than was asked for.
        public static let badJSON = Code(.badJSON)
        /// More values than a tree may have.
        public static let tooLarge = Code(.tooLarge)
    }
}
