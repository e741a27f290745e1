/// How the rotation frequencies of a model are changed so that it reads longer contexts.
///
/// With base θ and rotary dimension d, pair i (0 ≤ i < d/2) turns by `position · f(i)`, where
/// unscaled `f(i) = θ^(−2i/d)`. The kinds and their names are those of the models' own
/// configurations.
package enum RopeScaling: Hashable, Sendable {
    /// The frequencies as trained.
    case none
    /// Position interpolation: every frequency divided by `factor` (Chen et al., 2023).
    case linear(factor: Double)
    /// Llama 3.1's rule: low frequencies divided by `factor`, high ones kept, a linear blend
    /// between. GGUF files carry the same as the tensor `rope_freqs.weight`.
    case llama3(Llama3)
    /// YaRN: interpolation by parts of the spectrum, and a temperature for the attention
    /// (Peng et al., 2023, sections 3.2 to 3.4).
    case yarn(YaRN)

    /// The parameters of Llama 3.1's rule.
    package struct Llama3: Hashable, Sendable {
        /// The divisor of the low frequencies.
        package var factor: Double
        /// Wavelengths longer than `originalContextLength / lowFrequencyFactor` are divided.
        package var lowFrequencyFactor: Double
        /// Wavelengths shorter than `originalContextLength / highFrequencyFactor` are kept.
        package var highFrequencyFactor: Double
        /// The context length, in tokens, that the model was first trained with.
        package var originalContextLength: Int

        /// Collects the parameters; the defaults are those of Llama 3.1.
        package init(
            factor: Double, lowFrequencyFactor: Double = 1, highFrequencyFactor: Double = 4,
            originalContextLength: Int = 8192
        ) {
            self.factor = factor
            self.lowFrequencyFactor = lowFrequencyFactor
            self.highFrequencyFactor = highFrequencyFactor
            self.originalContextLength = originalContextLength
        }
    }

    /// The parameters of YaRN.
    package struct YaRN: Hashable, Sendable {
        /// The ratio of the new context length to the original one.
        package var factor: Double
        /// The context length, in tokens, that the model was first trained with.
        package var originalContextLength: Int
        /// Pairs that turn more often than this over the original context are kept.
        package var betaFast: Double
        /// Pairs that turn less often than this over the original context are interpolated.
        package var betaSlow: Double
        /// Whether the pairs between which the blend runs are rounded outwards to whole ones.
        package var roundsBoundaries = true
        /// The factor on queries and keys; nil means the paper's 0.1·ln(factor) + 1.
        package var attentionFactor: Double?

        /// Collects the parameters; the defaults are those of the paper.
        package init(
            factor: Double, originalContextLength: Int, betaFast: Double = 32,
            betaSlow: Double = 1, attentionFactor: Double? = nil
        ) {
            self.factor = factor
            self.originalContextLength = originalContextLength
            self.betaFast = betaFast
            self.betaSlow = betaSlow
            self.attentionFactor = attentionFactor
        }
    }
}
