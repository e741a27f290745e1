import Tensors

/// Reads the tensors of one layer, which its shape and its architecture's names call for.
struct LayerReader {
    let index: Int
    let shape: LayerShape
    /// D
    let width: Int
    let tensors: LayerTensors
    let rule: NormRule
    let reader: TensorReader

    /// Reads all of them.
    func layer() throws(ModelError) -> LayerWeights {
        let attention = try queryKeyValue()
        let attentionNorm = try norm(.attentionNorm, if: shape.norms.isBefore)
        let sharesNorm = shape.order.hasSharedNorm
        return LayerWeights(
            index: index, shape: shape, attentionNorm: attentionNorm,
            query: attention[0].weight, key: attention.count > 1 ? attention[1].weight : nil,
            value: attention.count > 2 ? attention[2].weight : nil,
            queryKeyValueBias: Self.joined(attention, width: shape.preparedWidth),
            queryNorm: try headNorm(.queryNorm, width: shape.queryWidth),
            keyNorm: shape.keyValueLayer == nil
                ? try headNorm(.keyNorm, width: shape.keyValueWidth) : [],
            sinks: try reader.vector(weight(.sinks), count: shape.headCount, if: shape.hasSinks),
            attentionOutput: try matrix(.attentionOutput, width, shape.queryWidth),
            attentionOutputBias: try bias(.attentionOutput, width),
            postAttentionNorm: try norm(.postAttentionNorm, if: shape.norms.isAfter),
            feedForwardNorm: sharesNorm
                ? attentionNorm : try norm(.feedForwardNorm, if: shape.norms.isBefore),
            network: shape.feedForwardLength > 0 ? try network() : nil,
            experts: try expertWeights(),
            postFeedForwardNorm: try norm(.postFeedForwardNorm, if: shape.norms.isAfter),
            ownInput: try ownInput(),
            streamScale: shape.scalesStream
                ? try reader.vector(weight(.streamScale), count: 1)[0] : 1)
    }

    /// What becomes of the layer's own input.
    private func ownInput() throws(ModelError) -> OwnInputWeights? {
        guard let values = shape.ownInput else { return nil }
        return OwnInputWeights(
            gate: try matrix(.ownGate, values, width),
            projection: try matrix(.ownProjection, width, values),
            norm: try reader.norm(name(.ownNorm), count: width, rule))
    }

    /// The network of every token.
    private func network() throws(ModelError) -> NetworkWeights {
        let parts = try gateAndUp()
        return NetworkWeights(
            gate: parts.gate?.weight, gateBias: parts.gate?.bias ?? [], up: parts.up.weight,
            upBias: parts.up.bias, down: try matrix(.down, width, shape.feedForwardLength),
            downBias: try bias(.down, width),
            outputNorm: shape.experts.contains(where: \.hasNorms)
                ? try reader.norm("blk.\(index).post_ffw_norm_1", count: width, rule) : nil)
    }

    /// The networks that tokens choose from.
    private func expertWeights() throws(ModelError) -> [ExpertWeights] {
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

    /// A projection: a matrix, and its bias or nothing.
    private struct Projection {
        var weight: WeightMatrix
        var bias: [Float]
    }

    /// The projections of queries, keys and values, those that the layer has, from a tensor each or
    /// from one of all.
    private func queryKeyValue() throws(ModelError) -> [Projection] {
        var parts: [(tensor: LayerTensor, outputs: Int)] = [(.query, shape.queryWidth)]
        if shape.keyValueLayer == nil {
            parts.append((.key, shape.keyValueWidth))
            if !shape.valuesAreKeys { parts.append((.value, shape.keyValueWidth)) }
        }
        if !has(.query), has(.queryKeyValue) {
            return try cut(.queryKeyValue, parts.map(\.outputs))
        }
        var projections: [Projection] = []
        for part in parts { projections.append(try projection(part.tensor, part.outputs)) }
        return projections
    }

    /// The gate, if there is one, and the up projection: from a tensor each, or from the up
    /// projection's alone, where it has the rows of both.
    private func gateAndUp() throws(ModelError) -> (gate: Projection?, up: Projection) {
        let hidden = shape.feedForwardLength
        guard shape.activation.isGated else { return (nil, try projection(.up, hidden)) }
        if !has(.gate), reader.rows(of: weight(.up)) == 2 * hidden {
            let parts = try cut(.up, [hidden, hidden])
            return (parts[0], parts[1])
        }
        return (try projection(.gate, hidden), try projection(.up, hidden))
    }

    /// A tensor that has several projections of the model's width, one after another.
    private func cut(
        _ tensor: LayerTensor, _ outputs: [Int]
    ) throws(ModelError) -> [Projection] {
        let whole = try projection(tensor, outputs.reduce(0, +))
        var parts: [Projection] = []
        var start = 0
        for count in outputs {
            let rows = start..<start + count
            parts.append(
                Projection(
                    weight: whole.weight.rows(rows),
                    bias: whole.bias.isEmpty ? [] : Array(whole.bias[rows])))
            start += count
        }
        return parts
    }

    /// A projection of the model's width by a tensor of its own.
    private func projection(
        _ tensor: LayerTensor, _ outputs: Int
    ) throws(ModelError) -> Projection {
        Projection(weight: try matrix(tensor, outputs, width), bias: try bias(tensor, outputs))
    }

    /// Biases one after another, `width` in all, with zeros for one that is not there; empty where
    /// there is none.
    private static func joined(_ projections: [Projection], width: Int) -> [Float] {
        guard projections.contains(where: { !$0.bias.isEmpty }) else { return [] }
        let biases = projections.flatMap { part in
            part.bias.isEmpty ? Array(repeating: 0, count: part.weight.rows) : part.bias
        }
        return biases + Array(repeating: 0, count: width - biases.count)
    }

    private func matrix(
        _ tensor: LayerTensor, _ outputs: Int, _ inputs: Int
    ) throws(ModelError) -> WeightMatrix {
        try reader.matrix(weight(tensor), outputs: outputs, inputs: inputs)
    }

    private func bias(_ tensor: LayerTensor, _ count: Int) throws(ModelError) -> [Float] {
        let name = name(tensor) + ".bias"
        return try reader.vector(
            name, count: count, if: tensors.biased.contains(tensor) || reader.has(name))
    }

    private func norm(
        _ tensor: LayerTensor, if isPresent: Bool
    ) throws(ModelError) -> Norm? {
        guard isPresent else { return nil }
        return try reader.norm(
            name(tensor), count: width, rule,
            needsBias: tensors.biased.contains(tensor))
    }

    private func headNorm(_ tensor: LayerTensor, width: Int) throws(ModelError) -> [Float] {
        switch shape.headNorm {
        case nil: []
        case .head: try reader.vector(weight(tensor), count: shape.headDimension)
        case .ownHead: try headNorms(weight(tensor), width: width)
        case .row: try reader.vector(weight(tensor), count: width)
        }
    }

    /// Weights of each head, [heads][d]: a file has them in two dimensions.
    private func headNorms(_ name: String, width: Int) throws(ModelError) -> [Float] {
        let d = shape.headDimension
        return try reader.rows(name, rows: width / d, columns: d)
    }

    private func has(_ tensor: LayerTensor) -> Bool { reader.has(weight(tensor)) }

    private func weight(_ tensor: LayerTensor) -> String { name(tensor) + ".weight" }

    private func name(_ tensor: LayerTensor) -> String {
        tensors.name(tensor, layer: index, hasExperts: !shape.experts.isEmpty)
    }
}
