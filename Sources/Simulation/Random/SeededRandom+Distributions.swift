#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension SeededRandom {
    /// An exponential number of mean 1.
    package mutating func exponential() -> Double { -log(1 - unit()) }

    /// A normal number of mean 0 and deviation 1 (Box and Muller, 1958).
    package mutating func normal() -> Double {
        let radius = sqrt(2 * exponential())
        return radius * cos(2 * .pi * unit())
    }

    /// A lognormal number.
    ///
    /// - Parameters:
    ///   - mean: its mean, not that of its logarithm.
    ///   - variation: its deviation over its mean.
    package mutating func lognormal(mean: Double, variation: Double) -> Double {
        let variance = log(1 + variation * variation)
        return exp(log(mean) - variance / 2 + sqrt(variance) * normal())
    }

    /// A gamma number of mean 1 and the given shape, above 0 (Marsaglia and Tsang, 2000).
    package mutating func gamma(shape: Double) -> Double {
        guard shape >= 1 else {
            let boost = pow(1 - unit(), 1 / shape)
            return gamma(shape: shape + 1) * boost * (shape + 1) / shape
        }
        let d = shape - 1.0 / 3
        let c = 1 / sqrt(9 * d)
        while true {
            let x = normal()
            let root = 1 + c * x
            guard root > 0 else { continue }
            let v = root * root * root
            if log(1 - unit()) < 0.5 * x * x + d - d * v + d * log(v) { return d * v / shape }
        }
    }
}
