/// What a number counts: decides its unit, its prefix, and how it is written.
package enum ValueFormat: Hashable, Sendable {
    /// A number without a unit.
    case number

    /// A number of things: `.count("tokens")`.
    case count(String)

    /// A fraction, written as a percentage: 0.211 is 21.1 %.
    case percent

    /// Seconds, written in ns, µs, ms, s, min or h.
    case seconds

    /// Bytes in powers of 1024: KiB, MiB, GiB.
    case binaryBytes

    /// Bytes in powers of 1000: kB, MB, GB.
    case decimalBytes

    /// A quantity with SI prefixes: `.metric("FLOP/s")`.
    case metric(String)

    /// The value as it stands in a table, with its unit; a value that is no finite number is a
    /// dash.
    package func text(_ value: Double) -> String {
        guard value.isFinite else { return "\u{2013}" }
        switch self {
        case .number: return DecimalText.short(value)
        case .count(let unit):
            return DecimalText.short(value) + (unit.isEmpty ? "" : " " + unit)
        case .percent: return Self.percentText(value) + " %"
        case .seconds, .binaryBytes, .decimalBytes, .metric:
            let unit = scaling(largest: value.magnitude)
            let number = DecimalText.short(value / unit.divisor)
            return unit.name.isEmpty ? number : number + " " + unit.name
        }
    }

    private static func percentText(_ fraction: Double) -> String {
        let percent = fraction * 100
        return percent.magnitude >= 0.995
            ? DecimalText.fixed(percent, digits: 1) : DecimalText.short(percent, significant: 2)
    }

    /// The unit in which values up to `largest` are best read.
    func scaling(largest: Double) -> UnitScaling {
        switch self {
        case .number: Self.plain(largest, unit: "")
        case .count(let unit): Self.plain(largest, unit: unit)
        case .percent: UnitScaling(divisor: 0.01, name: "%")
        case .seconds: Self.fitting(largest, Self.times)
        case .binaryBytes: Self.fitting(largest, Self.binary)
        case .decimalBytes:
            Self.fitting(largest, Self.prefixes(for: "B").filter { $0.divisor >= 1 })
        case .metric(let unit): Self.fitting(largest, Self.prefixes(for: unit))
        }
    }

    private static func plain(_ largest: Double, unit: String) -> UnitScaling {
        guard largest > 0 else { return UnitScaling(divisor: 1, name: unit) }
        let decade = Elementary.decade(of: largest)
        let millions = [(15, ""), (12, "T"), (9, "G"), (6, "M")]
        if decade >= 15 || decade < -3 {
            let factor = DecimalText.powerSuffix(decade)
            return UnitScaling(
                divisor: Elementary.powerOfTen(decade),
                name: unit.isEmpty ? factor : "\(factor) \(unit)")
        }
        guard let (power, suffix) = millions.first(where: { decade >= $0.0 }) else {
            return UnitScaling(divisor: 1, name: unit)
        }
        return UnitScaling(
            divisor: Elementary.powerOfTen(power), name: unit, tickSuffix: suffix)
    }

    /// The largest unit that is not above the value; the smallest one where all are.
    private static func fitting(_ largest: Double, _ units: [UnitScaling]) -> UnitScaling {
        guard largest > 0 else { return units.first { $0.divisor == 1 } ?? units[0] }
        return units.last { ($0.from ?? $0.divisor) <= largest * 1.000_000_1 } ?? units[0]
    }

    private static let times = [
        UnitScaling(divisor: 1e-9, name: "ns"), UnitScaling(divisor: 1e-6, name: "µs"),
        UnitScaling(divisor: 1e-3, name: "ms"), UnitScaling(divisor: 1, name: "s"),
        UnitScaling(divisor: 60, name: "min", from: 300),
        UnitScaling(divisor: 3600, name: "h", from: 7200),
    ]

    private static let binary = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"].enumerated().map {
        UnitScaling(divisor: Double(1 << (10 * $0.offset)), name: $0.element)
    }

    private static func prefixes(for unit: String) -> [UnitScaling] {
        let names = ["n", "µ", "m", "", "k", "M", "G", "T", "P", "E"]
        return names.enumerated().map {
            UnitScaling(
                divisor: Elementary.powerOfTen(3 * ($0.offset - 3)), name: $0.element + unit)
        }
    }
}

/// A unit with its prefix: what values are divided by, and what stands behind them.
struct UnitScaling: Hashable {
    /// The unit in terms of the base unit: 1e-3 for ms.
    var divisor: Double

    /// The unit's name: ms.
    var name: String

    /// What stands right behind a number of an axis: M in 2M.
    var tickSuffix = ""

    /// The smallest value for which this unit is used; nil: the divisor.
    var from: Double?

    init(divisor: Double, name: String, tickSuffix: String = "", from: Double? = nil) {
        self.divisor = divisor
        self.name = name
        self.tickSuffix = tickSuffix
        self.from = from
    }
}
