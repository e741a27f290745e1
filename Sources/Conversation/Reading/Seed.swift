/// A seed as a person or a program gives it, the same on the command line and in a request.
package struct Seed: Hashable, Sendable {
    /// The seed; nil: a new one each time, which -1 asks for.
    package let value: UInt64?

    /// A number of a request: 64 bits, with or without sign.
    package init(_ number: Int64) {
        value = number == -1 ? nil : UInt64(bitPattern: number)
    }

    /// A number of a command line.
    package init?(_ text: String) {
        if text == "-1" {
            value = nil
        } else if let number = UInt64(text) ?? Int64(text).map(UInt64.init(bitPattern:)) {
            value = number
        } else {
            return nil
        }
    }
}
