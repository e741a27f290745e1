/// `exp` and `log` in plain arithmetic.
///
/// A system's mathematics library gives last bits of its own; with these a seed gives the same
/// tokens on every machine. They need no more than sums, products and the bits of a `Double`.
package enum Elementary {
    /// ln 2 in two parts, the first with trailing zeros so that its small multiples are exact.
    private static var ln2High: Double { 0x1.62E42FEEp-1 }
    private static var ln2Low: Double { 0x1.A39EF35793C76p-33 }

    /// 1.5 x 2^52: a number added to it is rounded to an integer, which is in its low bits.
    private static var rounding: Double { 0x1.8p52 }

    /// e to the power `x`, within 2 units in the last place; 0 below -708, where the result would
    /// leave the normal numbers.
    ///
    /// Rows of a whole vocabulary go through here: there is no call and no table in it, so that
    /// a loop keeps several at once in flight.
    @inline(__always)
    package static func exp(_ x: Double) -> Double {
        guard x > -708 else { return x.isNaN ? x : 0 }
        guard x < 709 else { return .infinity }
        // x = k ln 2 + r with |r| <= ln 2 / 2, where 14 terms of the series are exact to the bit.
        let shifted = x * 1.4426950408889634 + rounding
        let k = shifted - rounding
        let r = (x - k * ln2High) - k * ln2Low
        // 1 / n! for n from 13 down to 0.
        var sum = 0x1.6124613a86d0ap-33 * r + 0x1.1eed8eff8d898p-29
        sum = sum * r + 0x1.ae64567f544e4p-26
        sum = sum * r + 0x1.27e4fb7789f5dp-22
        sum = sum * r + 0x1.71de3a556c734p-19
        sum = sum * r + 0x1.a01a01a01a01ap-16
        sum = sum * r + 0x1.a01a01a01a01ap-13
        sum = sum * r + 0x1.6c16c16c16c17p-10
        sum = sum * r + 0x1.1111111111111p-7
        sum = sum * r + 0x1.5555555555555p-5
        sum = sum * r + 0x1.5555555555555p-3
        sum = sum * r + 0.5
        sum = sum * r + 1
        sum = sum * r + 1
        return sum * Double(bitPattern: (shifted.bitPattern &+ 1023) << 52)
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
