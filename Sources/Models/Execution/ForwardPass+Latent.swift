import Scheduling
import Tensors

/// Latent attention (see `LatentShape`): the second routine beside `run`, since it is another
/// program and no other data.
///
/// With T tokens, model width D, H heads, and latent vectors of `rank` values.
extension ForwardPass {
    /// Adds one layer to the residual stream: latent attention and a feed-forward network.
    mutating func runLatent(_ layer: LayerWeights, _ p: LatentProducts) {
        project(layer, p)
        keepLatent(layer, p)
        absorb(layer, p)
        if layer.index == configuration.lastOwnLayer { keepOutputs() }
        attendLatent(layer, p)
        addOutput(layer, norm: layer.postAttentionNorm)
        projectGateAndUp(layer)
        projectDown(layer)
        addOutput(layer, norm: layer.postFeedForwardNorm)
    }

    /// The residual stream, normed -> queries [T, H·(plain + rotated)], latent vectors and what is
    /// beside them [T, rank + rotated]
    private func project(_ layer: LayerWeights, _ p: LatentProducts) {
        let buffers = p.buffers
        linear.multiply(
            normed(layer.attentionNorm), scratch.roundedAttentionInput, tokens: rows.count,
            p.projections)
        if let norm = p.weights.queryNorm {
            linear.multiply(
                .normed(buffers.compressed, by: norm, floats: buffers.compressed),
                buffers.roundedCompressed, tokens: rows.count, p.expansion)
        }
        profile?.mark(.queryKeyValue)
    }

    /// Norms latent vectors, turns what is beside them, and keeps both.
    private func keepLatent(_ layer: LayerWeights, _ p: LatentProducts) {
        guard let write = cache.write(layer.index) else {
            preconditionFailure("latent vectors that are not kept")
        }
        compute.prepare(
            LatentPreparation(
                x: p.buffers.latent, norm: p.weights.norm, rank: p.buffers.shape.rank,
                rotary: rotations[0], style: configuration.ropes[0].pairing),
            keeping: write, rows: rows)
    }

    /// Queries -> what reads latent vectors and what is beside them, [T, H·(rank + rotated)]: each
    /// head's plain part times its matrix of keys, and the other part turned.
    private func absorb(_ layer: LayerWeights, _ p: LatentProducts) {
        let (buffers, shape, tokens) = (p.buffers, p.buffers.shape, rows.count)
        let (heads, output) = (buffers.heads, scratch.queryKeyValue)
        buffers.routing.sendToAll(tokens)
        compute.copyHeads(
            heads, tokens: tokens, count: shape.plain,
            from: .ofTokens(buffers.queries, headDim: shape.projected),
            to: .ofHeads(buffers.plain))
        linear.multiply(buffers.plain, buffers.roundedPlain, p.keys, by: buffers.routing)
        compute.copyHeads(
            heads, tokens: tokens, count: shape.rank, from: .ofHeads(buffers.byHead),
            to: .ofTokens(output, headDim: shape.kept))
        compute.copyHeads(
            heads, tokens: tokens, count: shape.rotated,
            from: .ofTokens(buffers.queries, headDim: shape.projected, column: shape.plain),
            to: .ofTokens(output, headDim: shape.kept, column: shape.rank))
        compute.turnHeads(
            output, heads: heads, headDim: shape.kept, column: shape.rank, tokens: tokens,
            by: rotations[0], style: configuration.ropes[0].pairing)
        profile?.mark(.heads)
    }

    /// Lets every query attend, takes what each head found to its values, and projects those:
    /// [T, H·(rank + rotated)] -> [T, H·rank] -> [T, H·value] -> `h` [T, D]
    private func attendLatent(_ layer: LayerWeights, _ p: LatentProducts) {
        let (buffers, shape, tokens) = (p.buffers, p.buffers.shape, rows.count)
        let output = products[layer.index].buffers
        cache.attend(
            layer.index, queries: scratch.queryKeyValue, into: buffers.attended, compute)
        profile?.mark(.attention)
        buffers.routing.sendToAll(tokens)
        compute.copyHeads(
            buffers.heads, tokens: tokens, count: shape.rank,
            from: .ofTokens(buffers.attended, headDim: shape.rank), to: .ofHeads(buffers.byHead))
        linear.multiply(buffers.byHead, buffers.roundedByHead, p.values, by: buffers.routing)
        compute.copyHeads(
            buffers.heads, tokens: tokens, count: shape.value, from: .ofHeads(buffers.values),
            to: .ofTokens(output.attention, headDim: shape.value))
        linear.multiply(
            .rows(output.attention), output.roundedAttention, tokens: tokens,
            products[layer.index].attentionOutput)
        addBias(layer.attentionOutputBias, to: h)
        profile?.mark(.attentionOutput)
    }
}

extension Linear {
    /// Multiplies the rows of each head by its matrix: [H·T, inputs] to [H·T, outputs].
    fileprivate func multiply(
        _ input: FloatMatrix, _ quantized: QuantizedActivations, _ products: [ExpertProduct],
        by routing: ExpertRouting
    ) {
        guard areQuantized(products) else {
            compute.multiply(products, input, by: routing)
            return
        }
        compute.quantize(input, rows: 0..<routing.placeCount, into: quantized)
        compute.multiply(products, quantized, by: routing)
    }
}
