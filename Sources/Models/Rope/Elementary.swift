#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The elementary functions of the C library, which Swift's own library does not have.
enum Elementary {
    /// `base` to the power of `exponent`.
    static func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }

    /// The natural logarithm.
    static func logarithm(_ x: Double) -> Double { log(x) }
}
