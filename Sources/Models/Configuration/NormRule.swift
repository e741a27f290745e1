/// How a model norms rows: the kind of all its norms, and their ε.
struct NormRule: Hashable, Sendable {
    /// What is taken out of a row.
    enum Kind: Hashable, Sendable {
        /// Its root mean square (Zhang and Sennrich, 2019).
        case rms

        /// The hyper-parameter that has the ε of such norms.
        var epsilonKey: String {
            switch self {
            case .rms: "attention.layer_norm_rms_epsilon"
            }
        }
    }

    var kind: Kind
    /// Added to the mean of the squares.
    var epsilon: Float
}

/// What a norm multiplies by: [n].
struct NormWeights: Sendable {
    var weight: [Float]

    /// What the norm gives, times a factor.
    func scaled(by factor: Float) -> NormWeights {
        NormWeights(weight: weight.map { $0 * factor })
    }
}
