/// `exp` and `log` in plain arithmetic.
///
/// A system's mathematics library gives last bits of its own; with these a seed gives the same
/// tokens on every machine. They need no more than sums, products and the bits of a `Double`.
package enum Elementary {
    /// ln 2 in two parts, the first with trailing zeros so that its small multiples are exact.
    private static let ln2High = 0x1.62E42FEEp-1
    private static let ln2Low = 0x1.A39EF35793C76p-33

    /// `1 / n!` for `n` from 13 down to 0.
    private static let inverseFactorials: [Double] = {
        var values = [1.0]
        for n in 1...13 { values.append(values[n - 1] / Double(n)) }
        return values.reversed()
    }()

    /// e to the power `x`, within 2 units in the last place; 0 below -708, where the result would
    /// leave the normal numbers.
    package static func exp(_ x: Double) -> Double {
        guard x > -708 else { return x.isNaN ? x : 0 }
        guard x < 709 else { return .infinity }
        // x = k ln 2 + r with |r| <= ln 2 / 2, where 14 terms of the series are exact to the bit.
        let k = (x * 1.4426950408889634).rounded()
        let r = (x - k * ln2High) - k * ln2Low
        var sum = 0.0
        for coefficient in inverseFactorials { sum = sum * r + coefficient }
        return sum * Double(bitPattern: UInt64(1023 + Int(k)) << 52)
    }

    /// The natural logarithm of a positive normal number, within 2 units in the last place.
    package static func log(_ x: Double) -> Double {
        precondition(x > 0 && x.isNormal, "the logarithm is for positive normal numbers")
        var mantissa = x.significand
        var exponent = Double(x.exponent)
        if mantissa > 1.4142135623730951 {
            mantissa /= 2
            exponent += 1
        }
        // log m = 2 artanh s with s = (m - 1) / (m + 1), |s| <= 0.172: 12 terms of the series.
        let s = (mantissa - 1) / (mantissa + 1)
        let square = s * s
        var sum = 0.0
        for n in stride(from: 23, through: 3, by: -2) { sum = (sum + 1 / Double(n)) * square }
        return exponent * ln2High + (2 * s + (2 * s * sum + exponent * ln2Low))
    }
}
