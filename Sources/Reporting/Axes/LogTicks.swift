/// Ticks at powers of ten or of two; between few powers of ten, at twice and five times as well.
struct LogTicks {
    let base: Int
    let format: ValueFormat

    /// At most `count` ticks between two positive ends, both included.
    func ticks(in ends: ClosedRange<Double>, atMost count: Int) -> [Tick] {
        let exponents = Self.powers(base: base, from: ends.lowerBound, to: ends.upperBound)
        if base == 10 {
            let fine = Self.fine(ends)
            if exponents.count <= 3, fine.count <= count { return fine.map(tick) }
        }
        var step = 1
        while exponents.count > count * step { step += 1 }
        // Steps start at exponent 0, so that 1 has a tick wherever it can.
        return exponents.filter { $0 % step == 0 }.map { tick(Self.power(base, $0)) }
    }

    /// 1, 2 and 5 times the powers of ten between the ends.
    private static func fine(_ ends: ClosedRange<Double>) -> [Double] {
        let low = floor(ends.lowerBound, base: 10)
        let high = ceil(ends.upperBound, base: 10)
        return (low...high).flatMap { exponent in [1, 2, 5].map { $0 * power(10, exponent) } }
            .filter { $0 >= ends.lowerBound * 0.999_999_999 }
            .filter { $0 <= ends.upperBound * 1.000_000_001 }
    }

    private func tick(_ value: Double) -> Tick {
        Tick(value: value, label: label(value))
    }

    private func label(_ value: Double) -> String {
        switch format {
        case .number, .count:
            let unit = ValueFormat.number.scaling(largest: value)
            guard unit.tickSuffix.isEmpty else {
                return DecimalText.short(value / unit.divisor) + unit.tickSuffix
            }
            return DecimalText.short(value)
        case .percent: return DecimalText.short(value * 100, significant: 2)
        // Powers of ten of a second stay seconds.
        case .seconds where value >= 1:
            return LogTicks(base: base, format: .number).label(value) + " s"
        case .seconds, .binaryBytes, .decimalBytes, .metric: return format.text(value)
        }
    }

    /// The unit that stands in the title, because it does not stand at the ticks.
    static func titleUnit(_ format: ValueFormat) -> String {
        switch format {
        case .count(let unit): unit
        case .percent: "%"
        case .number, .seconds, .binaryBytes, .decimalBytes, .metric: ""
        }
    }

    /// The exponents of the powers between two positive numbers, both included.
    static func powers(base: Int, from low: Double, to high: Double) -> [Int] {
        let first = ceil(low * 0.999_999_999, base: base)
        let last = floor(high * 1.000_000_001, base: base)
        return first <= last ? Array(first...last) : []
    }

    /// The largest exponent whose power is at or below a positive number.
    static func floor(_ value: Double, base: Int) -> Int {
        base == 10 ? Elementary.decade(of: value) : Int(value.exponent)
    }

    /// The smallest exponent whose power is at or above a positive number.
    static func ceil(_ value: Double, base: Int) -> Int {
        let below = floor(value, base: base)
        return power(base, below) < value ? below + 1 : below
    }

    /// A power of ten or of two, exactly where a Double can hold it.
    static func power(_ base: Int, _ exponent: Int) -> Double {
        base == 10
            ? Elementary.powerOfTen(exponent)
            : Double(sign: .plus, exponent: exponent, significand: 1)
    }
}
