import ArgumentParser

/// Whole numbers on the command line: `1,2,4`.
struct NumberList: ExpressibleByArgument, Equatable {
    let numbers: [Int]

    init(_ numbers: [Int]) { self.numbers = numbers }

    init?(argument: String) {
        let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { Int($0) }
        guard numbers.count == parts.count, !numbers.isEmpty else { return nil }
        self.numbers = numbers
    }

    var defaultValueDescription: String { numbers.map(String.init).joined(separator: ",") }

    /// Throws unless every number is in a range.
    func check(_ name: String, _ range: ClosedRange<Int>) throws {
        for number in numbers where !range.contains(number) {
            throw ValidationError(
                "\(name) has \(number); it must be from \(range.lowerBound) to "
                    + "\(range.upperBound).")
        }
    }
}
