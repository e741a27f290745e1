import Tensors

/// How a model norms rows: the kind of all its norms, and their ε.
struct NormRule: Hashable, Sendable {
    var kind: Norm.Kind
    /// Added to the mean of the squares, or to the variance.
    var epsilon: Float
    /// Whether they have weights; without, a file has no tensors of them.
    var hasWeights = true
}

extension Norm.Kind {
    /// The hyper-parameter that has the ε of such norms.
    var epsilonKey: String {
        switch self {
        case .rms: "attention.layer_norm_rms_epsilon"
        case .layer: "attention.layer_norm_epsilon"
        }
    }
}

extension Norm {
    /// The norm, with what it gives times a factor.
    func scaled(by factor: Float) -> Norm {
        if factor == 1 { return self }
        precondition(!weight.isEmpty, "a norm without weights has none to scale")
        var scaled = self
        scaled.weight = weight.map { $0 * factor }
        scaled.bias = bias.map { $0 * factor }
        return scaled
    }
}
