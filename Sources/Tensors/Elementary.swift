internal import CKernels

/// The elementary functions on the way to a token or a log probability, in plain arithmetic.
///
/// A mathematics library gives last bits of its own, and other ones from processor to processor;
/// with these a request gives the same bits on every machine.
package enum Elementary {
    /// e to the power `x`, within 1.1 units in the last place; 0 below -708, where the result would
    /// leave the normal numbers, and infinity from 709 on.
    package static func exp(_ x: Double) -> Double { qk_exp(x) }

    /// The natural logarithm within a unit in the last place; -infinity of 0, NaN below.
    package static func log(_ x: Double) -> Double { qk_log(x) }

    /// `base` > 0 to the power of `exponent`, within a unit in the last place while the exponent's
    /// magnitude is below 1000.
    package static func power(_ base: Double, _ exponent: Double) -> Double {
        qk_power(base, exponent)
    }

    /// The sine and the cosine of an angle of any size, within a unit in the last place; NaN where
    /// it is not finite.
    package static func sineAndCosine(_ angle: Double) -> (sine: Double, cosine: Double) {
        var (sine, cosine) = (0.0, 0.0)
        unsafe qk_sine_cosine(angle, &sine, &cosine)
        return (sine, cosine)
    }
}
