/// 16-bit floats as bit patterns, in integer arithmetic.
///
/// `Float16` exists on all platforms of this package but one (macOS on Intel), and at the
/// baseline of x86-64 its conversions are library calls.
package enum HalfPrecision {
    /// The value of an IEEE half.
    package static func float(_ half: UInt16) -> Float {
        let sign = UInt32(half & 0x8000) << 16
        let exponent = UInt32(half >> 10 & 31)
        let mantissa = UInt32(half & 0x3FF)
        switch exponent {
        case 0:
            let magnitude = Float(mantissa) * 0x1p-24
            return sign == 0 ? magnitude : -magnitude
        case 31:
            return Float(
                bitPattern: sign | 0x7F80_0000 | mantissa << 13 | (mantissa == 0 ? 0 : 0x40_0000))
        default:
            return Float(bitPattern: sign | (exponent + 112) << 23 | mantissa << 13)
        }
    }

    /// The nearest IEEE half, ties to even.
    package static func half(_ value: Float) -> UInt16 {
        let sign = UInt16(value.bitPattern >> 16 & 0x8000)
        var magnitude = value.bitPattern & 0x7FFF_FFFF
        if magnitude > 0x7F80_0000 { return sign | 0x7E00 | UInt16(magnitude >> 13 & 0x3FF) }
        if magnitude >= 0x4780_0000 { return sign | 0x7C00 }
        if magnitude < 0x3880_0000 {
            // Next to 0.5 the last bit of a float is worth 2^-24, as in a subnormal half.
            let shifted = Float(bitPattern: magnitude) + 0.5
            return sign | UInt16(shifted.bitPattern - Float(0.5).bitPattern)
        }
        magnitude += 0xFFF + (magnitude >> 13 & 1)
        return sign | UInt16((magnitude - 0x3800_0000) >> 13)
    }

    /// The nearest bfloat16, ties to even.
    package static func brain(_ value: Float) -> UInt16 {
        let bits = value.bitPattern
        if value.isNaN { return UInt16(bits >> 16) | 0x40 }
        return UInt16((bits + 0x7FFF + (bits >> 16 & 1)) >> 16)
    }
}
