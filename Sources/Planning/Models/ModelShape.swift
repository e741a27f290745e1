package import KVCache

/// The dimensions of a decoder-only transformer: what its memory and its work follow from.
package struct ModelShape: Hashable, Sendable {
    /// What it is called.
    package var name: String

    /// The layers, in the model's order.
    package var layers: [LayerShape]

    /// Width of the residual stream.
    package var hidden: Int

    /// Entries of the vocabulary; 0 where it is not known.
    package var vocabulary: Int

    /// Whether the embedding is the output matrix too.
    package var isTied: Bool

    /// Learned vectors of positions, of `hidden` elements each; 0 where they are rotary.
    package var positions: Int

    /// Elements of the vectors outside the layers: the last norm.
    package var vectors: Int

    /// The longest context that it was made for, in tokens.
    package var contextLength: Int

    /// Describes a model.
    package init(
        name: String, layers: [LayerShape], hidden: Int, vocabulary: Int, isTied: Bool,
        positions: Int = 0, vectors: Int, contextLength: Int
    ) {
        self.name = name
        self.layers = layers
        self.hidden = hidden
        self.vocabulary = vocabulary
        self.isTied = isTied
        self.positions = positions
        self.vectors = vectors
        self.contextLength = contextLength
    }

    /// What the layers keep for one token, for `KVPlanner`.
    package var kvGeometry: KVGeometry {
        KVGeometry(
            layers: layers.compactMap { layer in
                switch layer.attention {
                case .heads(let heads) where heads.keyValue == 0: nil
                case .heads(let heads):
                    KVLayer(span: layer.span, kvHeads: heads.keyValue, headDim: heads.dimension)
                case .latent(let latent):
                    KVLayer(span: layer.span, latentRank: latent.rank, ropeDim: latent.rope)
                }
            })
    }
}

/// One layer.
package struct LayerShape: Hashable, Sendable {
    /// How far back its queries see.
    package var span: AttentionSpan

    /// Its attention.
    package var attention: AttentionShape

    /// Its feed-forward network.
    package var feedForward: FeedForwardShape

    /// Elements of its vectors: norms, biases, sinks.
    package var vectors: Int

    /// Describes a layer.
    package init(
        span: AttentionSpan = .full, attention: AttentionShape, feedForward: FeedForwardShape,
        vectors: Int
    ) {
        self.span = span
        self.attention = attention
        self.feedForward = feedForward
        self.vectors = vectors
    }
}

/// What a layer's attention is made of.
package enum AttentionShape: Hashable, Sendable {
    /// Heads that share keys and values in groups.
    case heads(AttentionHeads)
    /// Keys and values computed from one latent vector (DeepSeek-V2, arXiv 2405.04434).
    case latent(LatentAttention)
}

/// Attention with a key and a value for every head, or for every group of heads.
package struct AttentionHeads: Hashable, Sendable {
    /// Query heads.
    package var query: Int
    /// Key and value heads, which divide `query`; 0 where those of another layer are read.
    package var keyValue: Int
    /// Elements of a head.
    package var dimension: Int

    /// Describes them.
    package init(query: Int, keyValue: Int, dimension: Int) {
        self.query = query
        self.keyValue = keyValue
        self.dimension = dimension
    }
}

/// Multi-head latent attention.
package struct LatentAttention: Hashable, Sendable {
    /// Query heads.
    package var query: Int
    /// Elements of the latent vector of queries; nil: queries are projected at once.
    package var queryRank: Int?
    /// Elements of the latent vector that is kept.
    package var rank: Int
    /// Elements of a head's query and key without their rotary part (RoPE).
    package var plain: Int
    /// Elements of the rotary part of the key, which all heads share and which is kept too.
    package var rope: Int
    /// Elements of a head's value.
    package var value: Int

    /// Describes it.
    package init(query: Int, queryRank: Int?, rank: Int, plain: Int, rope: Int, value: Int) {
        self.query = query
        self.queryRank = queryRank
        self.rank = rank
        self.plain = plain
        self.rope = rope
        self.value = value
    }
}

/// What a layer's feed-forward network is made of.
package enum FeedForwardShape: Hashable, Sendable {
    /// One network for all tokens.
    case dense(width: Int, isGated: Bool)
    /// Some of many networks for each token.
    case experts(Experts)

    /// The networks of a mixture of experts, all of them gated.
    package struct Experts: Hashable, Sendable {
        /// Networks to choose from.
        package var count: Int
        /// Networks that each token is routed to.
        package var used: Int
        /// Width of one.
        package var width: Int
        /// Width of the networks that every token passes, together.
        package var sharedWidth: Int

        /// Describes them.
        package init(count: Int, used: Int, width: Int, sharedWidth: Int = 0) {
            self.count = count
            self.used = used
            self.width = width
            self.sharedWidth = sharedWidth
        }
    }
}
