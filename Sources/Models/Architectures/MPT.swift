import Tensors

/// MPT (MosaicML, 2023): scores fall with the distance of a key in the place of positions, which
/// few models learn; norms by mean and variance, a plain feed-forward network with the exact GELU,
/// and queries, keys and values that may be held within a bound.
enum MPT: Architecture {
    static let names = ["mpt"]

    static func configuration(_ p: HyperParameters) throws(ModelError) -> ModelConfiguration {
        var c = try ModelConfiguration(common: p, pairing: .neox, norm: .layer)
        c.ropes = []
        c.hasLearnedPositions = p.hasTensor("position_embd.weight")
        let slopes = try p.optionalFactor("attention.max_alibi_bias").map { Float($0) }
        let bound = try p.optionalFactor("attention.clamp_kqv").map { Float($0) }
        c.forEachLayer {
            $0.rope = nil
            $0.slopeExponent = slopes
            $0.queryKeyValueBound = bound
            $0.activation = .plain(.geluExact)
        }
        return c
    }
}
