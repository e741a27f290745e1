/// How a count of tokens (or another positive number) is distributed, as a user writes it.
///
/// ```
/// 512                   always 512
/// 10..400               uniform, both ends included
/// lognormal/161/1.5     of mean 161, deviation 1.5 times that
/// exponential/338       of mean 338
/// ```
package enum Lengths: Hashable, Sendable {
    /// Always the same.
    case constant(Double)
    /// Uniform; both ends included.
    case uniform(Double, Double)
    /// Of a mean, and a deviation that is a multiple of it.
    case lognormal(mean: Double, variation: Double)
    /// Of a mean.
    case exponential(mean: Double)

    /// The distribution that a text names.
    ///
    /// - Throws: `TraceError` that shows the forms.
    package init(_ text: String) throws(TraceError) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let numbers = parts.dropFirst().map { Double($0) ?? .nan }
        let isSound = numbers.allSatisfy { $0 > 0 && $0 <= Self.most }
        switch (parts[0], numbers.count) {
        case ("lognormal", 2) where isSound:
            self = .lognormal(mean: numbers[0], variation: numbers[1])
        case ("exponential", 1) where isSound: self = .exponential(mean: numbers[0])
        case (let range, 0):
            let ends = range.components(of: "..").map { Double($0) ?? .nan }
            guard ends.allSatisfy({ $0 >= 0 && $0 <= Self.most }), (1...2).contains(ends.count),
                ends[0] <= ends[ends.count - 1]
            else { throw Self.fault(text) }
            self = ends.count == 1 ? .constant(ends[0]) : .uniform(ends[0], ends[1])
        default: throw Self.fault(text)
        }
    }

    private static let most = Double(SimulationLimits.requestTokens)

    private static func fault(_ text: String) -> TraceError {
        TraceError(
            "\"\(text.prefix(60))\" is no distribution; write 512, 10..400, "
                + "lognormal/MEAN/VARIATION or exponential/MEAN, with numbers above 0")
    }

    /// A number of it.
    package func draw(_ random: inout SeededRandom) -> Double {
        switch self {
        case .constant(let value): value
        case .uniform(let low, let high): low + (high - low) * random.unit()
        case .lognormal(let mean, let variation):
            random.lognormal(mean: mean, variation: variation)
        case .exponential(let mean): mean * random.exponential()
        }
    }

    /// A count of it, at least 1.
    package func count(_ random: inout SeededRandom) -> Int {
        if case .uniform(let low, let high) = self {
            return max(1, random.integer(in: Int(low)...Int(high)))
        }
        return max(1, Int(min(draw(&random), Self.most).rounded()))
    }
}

extension String {
    /// The parts between a separator.
    fileprivate func components(of separator: String) -> [String] {
        split(separator: separator, omittingEmptySubsequences: false).map(String.init)
    }
}
