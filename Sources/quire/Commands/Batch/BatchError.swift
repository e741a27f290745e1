/// Why a batch cannot be run, or not to its end.
struct BatchError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
