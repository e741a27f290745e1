/// Why a template was refused or could not be rendered, and where in its source.
package struct TemplateError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of fault, for a program; `message` is for a person.
    package let code: Code

    /// The line of the source, from 1; 0 where no place is known.
    package private(set) var line: Int

    /// The character of the line, from 1; 0 where no place is known.
    package private(set) var column: Int

    /// What is wrong. For `raised` it is the template's own message, as the template wrote it.
    package let message: String

    /// Makes an error without a place.
    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
        line = 0
        column = 0
    }

    /// The same error with a place, unless it has one.
    func placed(at place: Place) -> TemplateError {
        guard line == 0 else { return self }
        var error = self
        error.line = place.line
        error.column = place.column
        return error
    }

    /// One line: place and message.
    package var description: String {
        let raised = code == .raised ? "the template refuses this conversation: " : ""
        return line == 0 ? raised + message : "line \(line), column \(column): \(raised)\(message)"
    }

    /// The kinds of fault. A struct around a private enum, so that a new code breaks no `switch`.
    package struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Kind: String { case syntax, unknown, undefined, type, value, raised, limit }
        private let kind: Kind
        private init(_ kind: Kind) { self.kind = kind }

        /// The code's name.
        package var description: String { kind.rawValue }

        /// The source is no template.
        package static let syntax = Code(.syntax)
        /// A statement, filter, test or method that does not exist.
        package static let unknown = Code(.unknown)
        /// Something was done with a value that is not defined, or that a template may not have.
        package static let undefined = Code(.undefined)
        /// An operation on a value of a type that does not have it.
        package static let type = Code(.type)
        /// An operation on a value for which it is not defined: a division by zero.
        package static let value = Code(.value)
        /// The template itself refused by `raise_exception`.
        package static let raised = Code(.raised)
        /// Beyond a bound of `TemplateLimits`.
        package static let limit = Code(.limit)
    }
}

/// A place in a source, from 1.
struct Place: Hashable, Sendable {
    let line: Int
    let column: Int
}
