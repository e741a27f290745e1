/// A trace or a workload that is none: what is wrong with it, and where.
package struct TraceError: Error, Hashable, CustomStringConvertible {
    /// The line, from 1; nil: it is not about one line.
    package let line: Int?

    /// What is wrong and what would be right, for a person. It may quote the file.
    package let message: String

    /// An error.
    package init(line: Int? = nil, _ message: String) {
        self.line = line
        self.message = message
    }

    /// The line and the message.
    package var description: String { line.map { "line \($0): \(message)" } ?? message }
}
