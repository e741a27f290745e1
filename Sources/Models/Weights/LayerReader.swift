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
        let attention = try attentionProjections()
        let attentionNorm = try norm(.attentionNorm, if: shape.norms.isBefore)
        let sharesNorm = shape.order.hasSharedNorm
        return LayerWeights(
            index: index, shape: shape, attentionNorm: attentionNorm,
            query: attention[0].weight, key: attention.count > 1 ? attention[1].weight : nil,
            value: attention.count > 2 ? attention[2].weight : nil,
            latent: try shape.latent.map(latentWeights),
            queryKeyValueBias: Self.joined(attention, width: shape.preparedWidth),
            queryNorm: try headNorm(.queryNorm, width: shape.queryWidth),
            keyNorm: shape.keyValueLayer == nil
                ? try headNorm(.keyNorm, width: shape.keyValueWidth) : [],
            sinks: try reader.vector(weight(.sinks), count: shape.headCount, if: shape.hasSinks),
            attentionOutput: try matrix(.attentionOutput, width, shape.attendedWidth),
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

    /// A projection: a matrix, and its bias or nothing.
    struct Projection {
        var weight: WeightMatrix
        var bias: [Float]
    }

    /// The projections that attention begins with.
    private func attentionProjections() throws(ModelError) -> [Projection] {
        guard let latent = shape.latent else { return try queryKeyValue() }
        return try latentProjections(latent)
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

    func matrix(
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
        case .head where !shape.headNormHasWeights:
            Array(repeating: 1, count: shape.headDimension)
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

    func has(_ tensor: LayerTensor) -> Bool { reader.has(weight(tensor)) }

    func weight(_ tensor: LayerTensor) -> String { name(tensor) + ".weight" }

    func name(_ tensor: LayerTensor) -> String {
        tensors.name(tensor, layer: index, hasExperts: !shape.experts.isEmpty)
    }
}
