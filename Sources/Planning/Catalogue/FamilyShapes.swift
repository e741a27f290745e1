import KVCache

/// The dimensions that models of one family differ in, and the shape that follows.
extension ModelShape {
    /// GPT-3 and OPT: learned positions, layer norms and biases everywhere, a tied output.
    static func biased(
        _ name: String, layers: Int, hidden: Int, heads: Int, vocabulary: Int, positions: Int,
        context: Int
    ) -> ModelShape {
        // Biases of Q, K, V and the output, of both matrices of the network, and two norms.
        let vectors = 4 * hidden + 4 * hidden + hidden + 4 * hidden
        let layer = LayerShape(
            attention: .heads(
                AttentionHeads(query: heads, keyValue: heads, dimension: hidden / heads)),
            feedForward: .dense(width: 4 * hidden, isGated: false), vectors: vectors)
        return ModelShape(
            name: name, layers: Array(repeating: layer, count: layers), hidden: hidden,
            vocabulary: vocabulary, isTied: true, positions: positions, vectors: 2 * hidden,
            contextLength: context)
    }

    /// What a family adds to Llama's layer.
    struct LlamaVariant {
        /// The output matrix is the embedding.
        var isTied = false
        /// Q, K and V have biases.
        var hasBias = false
        /// Queries and keys are normed, by one vector of a head's size each.
        var hasHeadNorms = false
        /// Norms of a layer.
        var norms = 2
        /// What each layer sees, by its index.
        var span: @Sendable (Int) -> AttentionSpan = { _ in .full }
    }

    /// Llama and what descends from it: root-mean-square norms, a gated network, rotary positions.
    static func llama(
        _ name: String, layers: Int, hidden: Int, heads: AttentionHeads,
        feedForward: FeedForwardShape, vocabulary: Int, context: Int,
        _ variant: LlamaVariant = LlamaVariant()
    ) -> ModelShape {
        var vectors = variant.norms * hidden
        if variant.hasBias { vectors += (heads.query + 2 * heads.keyValue) * heads.dimension }
        if variant.hasHeadNorms { vectors += 2 * heads.dimension }
        return ModelShape(
            name: name,
            layers: (0..<layers).map {
                LayerShape(
                    span: variant.span($0), attention: .heads(heads), feedForward: feedForward,
                    vectors: vectors)
            },
            hidden: hidden, vocabulary: vocabulary, isTied: variant.isTied, vectors: hidden,
            contextLength: context)
    }

    /// DeepSeek: latent attention; the first layers are dense, the others mixtures.
    static func deepSeek(
        _ name: String, layers: Int, dense: Int, hidden: Int, attention: LatentAttention,
        width: Int, experts: FeedForwardShape.Experts, routerBias: Bool, vocabulary: Int,
        context: Int
    ) -> ModelShape {
        // Two norms of the stream, and one of each latent vector.
        let vectors = 2 * hidden + (attention.queryRank ?? 0) + attention.rank
        return ModelShape(
            name: name,
            layers: (0..<layers).map { layer in
                LayerShape(
                    attention: .latent(attention),
                    feedForward: layer < dense
                        ? .dense(width: width, isGated: true) : .experts(experts),
                    vectors: vectors + (layer >= dense && routerBias ? experts.count : 0))
            },
            hidden: hidden, vocabulary: vocabulary, isTied: false, vectors: hidden,
            contextLength: context)
    }
}

/// Heads, written short for tables.
func heads(_ query: Int, _ keyValue: Int, _ dimension: Int) -> AttentionHeads {
    AttentionHeads(query: query, keyValue: keyValue, dimension: dimension)
}

/// A gated network, written short for tables.
func gated(_ width: Int) -> FeedForwardShape { .dense(width: width, isGated: true) }
