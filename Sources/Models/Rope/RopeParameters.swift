package import Tensors

/// The rotary position embedding of one kind of layer.
package struct RopeParameters: Hashable, Sendable {
    /// The base θ of the frequencies.
    package var base: Double
    /// How many leading values of a head are turned; even, at most the head's dimension.
    package var dimension: Int
    /// Which values form a pair.
    package var pairing: RotaryStyle
    /// How the frequencies are changed for longer contexts.
    package var scaling: RopeScaling
    /// One divisor for each pair's frequency, as the tensor `rope_freqs.weight` gives them.
    package var frequencyFactors: [Float]?
    /// Other divisors for caches of long contexts.
    package var long: LongFactors?

    /// LongRoPE (Ding et al., 2024): the divisors of contexts beyond the one that was trained.
    ///
    /// Which ones hold is a property of the cache, not of a request's length: a request whose
    /// divisors changed as it grew would read keys that were turned otherwise.
    package struct LongFactors: Hashable, Sendable {
        /// One divisor a pair.
        package var factors: [Float]
        /// They hold where a cache has room for longer contexts than this, in tokens.
        package var beyond: Int
        /// The factor on the cosines and sines, for contexts of any length.
        package var magnitude: Double
    }

    /// Collects the parameters.
    package init(
        base: Double, dimension: Int, pairing: RotaryStyle, scaling: RopeScaling = .none,
        frequencyFactors: [Float]? = nil
    ) {
        self.base = base
        self.dimension = dimension
        self.pairing = pairing
        self.scaling = scaling
        self.frequencyFactors = frequencyFactors
    }

    /// The angle, in radians a position, of each of the `dimension / 2` pairs, in a cache for
    /// contexts of so many tokens at most.
    package func frequencies(context: Int) -> [Double] {
        let pairs = dimension / 2
        var result = (0..<pairs).map { pair in
            1 / Elementary.power(base, Double(2 * pair) / Double(dimension))
        }
        switch scaling {
        case .none: break
        case .linear(let factor): for i in 0..<pairs { result[i] /= factor }
        case .llama3(let rule): for i in 0..<pairs { result[i] = rule.scaled(result[i]) }
        case .yarn(let rule):
            for i in 0..<pairs {
                let keep = rule.extrapolatedShare(pair: i, dimension: dimension, base: base)
                result[i] = result[i] / rule.factor * (1 - keep) + result[i] * keep
            }
        }
        let isLong = long.map { context > $0.beyond } ?? false
        if let divisors = isLong ? long?.factors : frequencyFactors {
            for i in 0..<pairs { result[i] /= Double(divisors[i]) }
        }
        return result
    }

    /// The factor on the cosines and sines: 1 but for the attention temperature of rules for long
    /// contexts.
    package var magnitude: Double {
        guard case .yarn(let rule) = scaling else { return long?.magnitude ?? 1 }
        return rule.attentionFactor ?? (0.1 * Elementary.log(max(rule.factor, 1)) + 1)
    }
}

extension RopeScaling.Llama3 {
    /// A frequency after Llama 3.1's rule.
    func scaled(_ frequency: Double) -> Double {
        let turns = frequency * Double(originalContextLength) / (2 * .pi)
        if turns < lowFrequencyFactor { return frequency / factor }
        if turns > highFrequencyFactor { return frequency }
        let keep = (turns - lowFrequencyFactor) / (highFrequencyFactor - lowFrequencyFactor)
        return frequency / factor * (1 - keep) + frequency * keep
    }
}

extension RopeScaling.YaRN {
    /// How much of a pair's own frequency is kept: 1 for the fast pairs, 0 for the slow ones
    /// (the ramp γ of the paper, over pair indices rounded outwards if so).
    func extrapolatedShare(pair: Int, dimension: Int, base: Double) -> Double {
        var low = boundary(betaFast, dimension, base)
        var high = boundary(betaSlow, dimension, base)
        if roundsBoundaries { (low, high) = (low.rounded(.down), high.rounded(.up)) }
        (low, high) = (max(low, 0), min(high, Double(dimension - 1)))
        // An empty ramp is a step; the width keeps the quotient finite.
        if high <= low { high = low + 0.001 }
        return 1 - min(max((Double(pair) - low) / (high - low), 0), 1)
    }

    /// The (fractional) pair that turns `turns` times over the original context.
    private func boundary(_ turns: Double, _ dimension: Int, _ base: Double) -> Double {
        let ratio = Double(originalContextLength) / (turns * 2 * .pi)
        return Double(dimension) * Elementary.log(ratio)
            / (2 * Elementary.log(base))
    }
}
