import ArgumentParser

/// Refuses a number that is out of its range; nil was not given.
func requireRange(_ value: Int?, _ name: String, _ range: ClosedRange<Int>) throws {
    guard let value, !range.contains(value) else { return }
    throw ValidationError(
        "\(name) is \(value); it must be from \(range.lowerBound) to \(range.upperBound).")
}
