/// Why a text is not the JSON that its reader asked for, and where.
package struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of fault, for a program; `message` is for a person.
    package let code: Code

    /// The text at fault, as the caller named it.
    package let path: String

    /// Where the fault is, in bytes from the start of the text.
    package let offset: Int

    /// What is wrong and what was expected.
    package let message: String

    /// Makes an error.
    package init(_ code: Code, path: String, offset: Int, _ message: String) {
        self.code = code
        self.path = path
        self.offset = offset
        self.message = message
    }

    /// One line: text, place, message.
    package var description: String { "\(path): at byte \(offset): \(message)" }

    /// The kinds of fault. A struct around a private enum, so that a new code breaks no `switch`.
    package struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Kind: String { case badJSON, tooLarge }
        private let kind: Kind
        private init(_ kind: Kind) { self.kind = kind }

        /// The code's name.
        package var description: String { kind.rawValue }

        /// The text is not JSON, is nested too deep, or holds another value than was asked for.
        package static let badJSON = Code(.badJSON)
        /// More values than a tree may have.
        package static let tooLarge = Code(.tooLarge)
    }
}
