/// What is wrong with what a simulated service was asked, and what to do about it.
package struct ServiceError: Error, Hashable, Sendable, CustomStringConvertible {
    /// For a person.
    package let description: String

    /// An error.
    package init(_ description: String) { self.description = description }
}
