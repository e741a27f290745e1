/// Why something cannot be planned; the message says what would do.
package struct PlanningError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong and how to remedy it.
    package let message: String

    /// The message.
    package var description: String { message }

    /// An error with its message.
    package init(_ message: String) {
        self.message = message
    }
}
