import ArgumentParser

/// A count on the command line: 7000000000, 7B, 1.5B, 312T.
struct LargeCount: ExpressibleByArgument, Hashable {
    let value: Double

    init?(argument: String) {
        let factors = ["": 1.0, "K": 1e3, "M": 1e6, "B": 1e9, "G": 1e9, "T": 1e12, "P": 1e15]
        let number = argument.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let unit = argument.dropFirst(number.count).uppercased()
        guard let value = Double(number), let factor = factors[unit], value * factor <= 1e18
        else { return nil }
        self.value = value * factor
    }

    /// The nearest whole number.
    var count: Int { Int(value.rounded()) }

    var defaultValueDescription: String { Sizes.count(count) }
}

/// Bytes a second on the command line: 2TB, 64GB/s.
struct ByteRate: ExpressibleByArgument, Hashable {
    let bytesPerSecond: Double

    init?(argument: String) {
        let text = argument.hasSuffix("/s") ? String(argument.dropLast(2)) : argument
        guard let count = ByteCount(argument: text), count.bytes > 0 else { return nil }
        bytesPerSecond = Double(count.bytes)
    }

    var defaultValueDescription: String { Sizes.bytes(Int(bytesPerSecond)) + "/s" }
}

/// What `quire plan` writes to stdout.
enum PlanFormat: String, CaseIterable, ExpressibleByArgument {
    /// For a person.
    case text
    /// One JSON object; bytes are exact.
    case json
    /// One page with tables and charts.
    case html
}
