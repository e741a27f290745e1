import Tensors

extension HyperParameters {
    /// The sizes of latent attention.
    ///
    /// Files of before the middle of 2025 give the lengths of a head's keys and values where those
    /// of today give those of the one key that is kept, and have other names for the heads' own.
    func latentShape() throws(ModelError) -> LatentShape {
        let ranks = 1...ModelLimits.maximumLatentRank
        let lengths = 1...ModelLimits.maximumHeadDimension
        let suffix = has("attention.key_length_mla") ? "_mla" : ""
        let key = try integer("attention.key_length" + suffix, in: lengths)
        let value = try integer("attention.value_length" + suffix, in: lengths)
        let rank = try integer("attention.kv_lora_rank", in: ranks)
        let rotated = try integer("rope.dimension_count", in: 2...ModelLimits.maximumHeadDimension)
        guard rotated < key else {
            throw ModelError(
                .invalidParameter, subject: self.key("rope.dimension_count"),
                "is \(rotated) of the \(key) values of a head, of which some must not be turned; "
                    + Self.convertAnew)
        }
        let queryRank = try optionalInteger("attention.q_lora_rank", in: 0...ranks.upperBound) ?? 0
        let shape = LatentShape(
            queryRank: queryRank == 0 ? nil : queryRank, rank: rank, plain: key - rotated,
            rotated: rotated, value: value)
        if !suffix.isEmpty {
            try expect([Double(shape.kept)], in: "attention.key_length")
            try expect([Double(rank)], in: "attention.value_length")
        }
        return shape
    }
}

extension ModelConfiguration {
    /// Reads by how much YaRN sharpens scores of latent attention, whose parts that are not turned
    /// it cannot reach by cosines and sines: the factor is one on all of them.
    mutating func readLatentScaling(_ p: HyperParameters) throws(ModelError) {
        guard case .yarn(var rule) = ropes[0].scaling,
            let perLog = try p.optionalFactor("rope.scaling.yarn_log_multiplier")
        else { return }
        rule.attentionFactor = 1
        ropes[0].scaling = .yarn(rule)
        let sharpness = Float(1 + perLog * Elementary.log(max(rule.factor, 1)))
        forEachLayer { $0.attentionScale *= sharpness * sharpness }
    }
}
