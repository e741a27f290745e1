/// Why a regular expression is not read: what it asks for, and where.
package struct PatternError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of fault.
    package enum Code: Hashable, Sendable {
        /// It is no regular expression of the dialect.
        case malformed
        /// It asks for what no matcher here does, such as backreferences.
        case unsupported
        /// It is beyond one of the bounds in `PatternLimits`.
        case tooLarge
    }

    /// The kind of fault, for a program.
    package let code: Code
    /// What is wrong, for a person.
    package let message: String
    /// How many Unicode scalars of the pattern are before the fault.
    package let position: Int

    init(_ code: Code, _ message: String, at position: Int) {
        self.code = code
        self.message = message
        self.position = position
    }

    /// The message and the position.
    package var description: String { "\(message), at character \(position + 1)" }
}
