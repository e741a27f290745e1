/// Bytes of activations that a step really needs.
package struct WorkingSet: Hashable, Sendable {
    /// Tokens of the step.
    package let tokens: Int
    /// Outputs of the step that are sampled.
    package let outputs: Int
    /// The residual stream and the buffers of the layer that needs most; layers use them in turn.
    package let layerBytes: Int
    /// A row of the vocabulary in f32 for each sampled output.
    package let logitBytes: Int

    /// Both.
    package var bytes: Int { layerBytes + logitBytes }
}

extension ModelShape {
    /// What the activations of a step of `tokens` take.
    ///
    /// One layer's working set: its input, and the larger of what attention (normed input, Q, K, V,
    /// output) and the feed-forward network (normed input, gate and up of its experts,
    /// output) hold at once. Nothing of an earlier layer is kept.
    ///
    /// - Parameters:
    ///   - tokens: tokens of the largest step.
    ///   - outputs: sampled outputs of it.
    ///   - elementBytes: bytes of an activation.
    /// - Complexity: O(layers).
    package func workingSet(tokens: Int, outputs: Int, elementBytes: Int = 2) -> WorkingSet {
        let largest = layers.map { layer in
            max(layer.attention.liveElements(hidden), layer.feedForward.liveElements(hidden))
        }.max()
        return WorkingSet(
            tokens: tokens, outputs: outputs,
            layerBytes: tokens * (hidden + (largest ?? 0)) * elementBytes,
            logitBytes: outputs * vocabulary * 4)
    }
}

extension AttentionShape {
    /// Elements that a token takes while its attention is computed.
    func liveElements(_ hidden: Int) -> Int {
        switch self {
        case .heads(let heads):
            let width = heads.query * heads.dimension
            return hidden + 2 * width + 2 * heads.keyValue * heads.dimension
        case .latent(let latent):
            let queries = latent.query * (latent.plain + latent.rope) + (latent.queryRank ?? 0)
            let expanded = latent.query * (latent.plain + latent.value)
            return hidden + queries + latent.rank + latent.rope + expanded
                + latent.query * latent.value
        }
    }
}

extension FeedForwardShape {
    /// Elements that a token takes while its feed-forward network is computed.
    func liveElements(_ hidden: Int) -> Int {
        switch self {
        case .dense(let width, let isGated): 2 * hidden + (isGated ? 2 : 1) * width
        case .experts(let experts):
            2 * hidden + experts.count + 2 * (experts.used * experts.width + experts.sharedWidth)
        }
    }
}
