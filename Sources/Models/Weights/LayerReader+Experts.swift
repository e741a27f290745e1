import Tensors

extension LayerReader {
    /// The networks that tokens choose from.
    func expertWeights() throws(ModelError) -> [ExpertWeights] {
        var all: [ExpertWeights] = []
        for list in shape.experts {
            let (count, hidden, names) = (list.router.experts, list.width, list.names)
            func name(_ part: String) -> String { "blk.\(index).\(part).weight" }
            var rule = list.router
            rule.bias = try reader.vector(
                "blk.\(index).\(names.choiceBias).bias", count: count, if: list.hasChoiceBias)
            rule.expertScales = try reader.vector(
                "blk.\(index).\(names.down).scale", count: count, if: list.hasNorms)
            let parts = try expertGateAndUp(list)
            all.append(
                ExpertWeights(
                    shape: list, rule: rule,
                    router: try reader.matrix(name(names.router), outputs: count, inputs: width),
                    gate: parts.gate, up: parts.up,
                    down: try reader.experts(
                        name(names.down), count: count, outputs: width, inputs: hidden),
                    biases: list.hasBiases ? try expertBiases(list) : nil,
                    norms: list.hasNorms ? try expertNorms(list) : nil))
        }
        return all
    }

    /// The gate and up projections of experts, from a tensor each or from one of both.
    private func expertGateAndUp(
        _ list: ExpertShape
    ) throws(ModelError) -> (gate: [WeightMatrix], up: [WeightMatrix]) {
        let (count, hidden, names) = (list.router.experts, list.width, list.names)
        func matrices(_ part: String, _ outputs: Int) throws(ModelError) -> [WeightMatrix] {
            try reader.experts(
                "blk.\(index).\(part).weight", count: count, outputs: outputs, inputs: width)
        }
        guard reader.has("blk.\(index).\(names.gateAndUp).weight") else {
            return (try matrices(names.gate, hidden), try matrices(names.up, hidden))
        }
        let both = try matrices(names.gateAndUp, 2 * hidden)
        return (both.map { $0.rows(0..<hidden) }, both.map { $0.rows(hidden..<2 * hidden) })
    }

    private func expertNorms(_ list: ExpertShape) throws(ModelError) -> ExpertNorms {
        let scale = try reader.vector("blk.\(index).\(list.names.router).scale", count: width)
        return ExpertNorms(
            router: Norm(rule.kind, weight: scale, epsilon: rule.epsilon)
                .scaled(by: 1 / Float(width).squareRoot()),
            input: try reader.norm("blk.\(index).pre_ffw_norm_2", count: width, rule),
            output: try reader.norm("blk.\(index).post_ffw_norm_2", count: width, rule))
    }

    private func expertBiases(_ list: ExpertShape) throws(ModelError) -> ExpertBiases {
        let (count, names) = (list.router.experts, list.names)
        func name(_ part: String) -> String { "blk.\(index).\(part).bias" }
        return ExpertBiases(
            router: try reader.vector(name(names.router), count: count),
            gate: try reader.biases(name(names.gate), experts: count, count: list.width),
            up: try reader.biases(name(names.up), experts: count, count: list.width),
            down: try reader.biases(name(names.down), experts: count, count: width))
    }
}
