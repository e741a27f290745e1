/// The logarithms that scales need, written out: the same bits on every system, so that a chart is
/// the same bytes everywhere.
enum Elementary {
    /// The logarithm to base 2 of a positive number, to about one part in 10^15.
    ///
    /// The exponent is exact; the significand m in 1..<2 is 2 / ln 2 * atanh((m - 1) / (m + 1)),
    /// whose argument is below 1/3: the terms fall by a factor of nine or more.
    static func log2(_ value: Double) -> Double {
        precondition(value > 0 && value.isFinite, "a logarithm is of a positive number")
        let ratio = (value.significand - 1) / (value.significand + 1)
        var power = ratio
        var sum = 0.0
        for term in 0..<18 {
            sum += power / Double(2 * term + 1)
            power *= ratio * ratio
        }
        return Double(value.exponent) + sum * 2.885_390_081_777_926_8
    }

    /// The logarithm to base 10 of a positive number.
    static func log10(_ value: Double) -> Double {
        log2(value) * 0.301_029_995_663_981_2
    }

    /// 10 to an integer power, rounded correctly.
    static func powerOfTen(_ exponent: Int) -> Double {
        Double("1e\(exponent)") ?? (exponent < 0 ? 0 : .infinity)
    }

    /// The largest k with 10^k <= value, exactly, for a positive number.
    static func decade(of value: Double) -> Int {
        var guess = Int(log10(value).rounded(.down))
        while powerOfTen(guess + 1) <= value { guess += 1 }
        while powerOfTen(guess) > value { guess -= 1 }
        return guess
    }
}
