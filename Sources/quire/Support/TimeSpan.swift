import ArgumentParser

/// A time on the command line: 250ms, 90s, 10m, 2h. A number alone is refused, as programs differ
/// in what they take it for.
struct TimeSpan: ExpressibleByArgument, Hashable {
    let duration: Duration

    init?(argument: String) {
        let number = argument.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        guard let value = Double(number), value > 0 else { return nil }
        let units = ["ms": 0.001, "s": 1, "m": 60, "min": 60, "h": 3600]
        guard let unit = units[String(argument.dropFirst(number.count))] else { return nil }
        guard value * unit <= Self.mostSeconds else { return nil }
        duration = .seconds(value * unit)
    }

    /// A year.
    private static let mostSeconds = 365 * 86_400.0
}
