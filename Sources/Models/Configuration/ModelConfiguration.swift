package import KVCache
package import Tensors

/// The hyper-parameters of a decoder-only transformer: everything that the forward pass and the
/// memory plan need to know about a model, but its weights.
///
/// A value made by `init(_:)` from a file is checked: its numbers agree with each other and stay
/// below `ModelLimits`, so that arithmetic on them cannot overflow.
package struct ModelConfiguration: Hashable, Sendable {
    /// The architecture's name, as in the file's `general.architecture`.
    package var architecture: String
    /// The model's own name, where the file gives one.
    package var name: String?
    /// The number of transformer layers.
    package var layerCount: Int
    /// The width of the residual stream.
    package var embeddingLength: Int
    /// Query heads of a layer.
    package var headCount: Int
    /// Key and value heads of a layer; divides `headCount`.
    package var kvHeadCount: Int
    /// The dimension of one head, of queries, keys and values alike.
    package var headDimension: Int
    /// The width of the feed-forward network's hidden layer.
    package var feedForwardLength: Int
    /// The entries of the vocabulary, and so the logits of a position.
    package var vocabularySize: Int
    /// The longest context, in tokens, that the model was made for.
    package var contextLength: Int
    /// The ε of the root-mean-square norms.
    package var normEpsilon: Float
    /// The activation of the feed-forward network's gate.
    package var gate: ProductInput.Gate
    /// The factor on the embedding of a token (1, or √embeddingLength in Gemma).
    package var embeddingScale: Float
    /// The factor on the product of a query and a key.
    package var attentionScale: Float
    /// The bound c towards which logits are bent, as c · tanh(logit / c); nil: they are not.
    package var logitCap: Float?
    /// What each layer's attention sees; one element a layer.
    package var spans: [AttentionSpan]
    /// The distinct rotary embeddings of the model.
    package var ropes: [RopeParameters]
    /// Which of `ropes` each layer uses; one element a layer.
    package var ropeOfLayer: [Int]
    /// Which optional tensors the layers of this architecture have.
    package var layerTensors: LayerTensors
    /// How far the rounding of activations is refined when they are quantised.
    package var refinement: LayerRefinement

    /// The tensors of a layer that some architectures have and others do not.
    package struct LayerTensors: Hashable, Sendable {
        /// Queries and keys are normed head by head before they are turned.
        package var queryKeyNorm: Bool
        /// The outputs of attention and feed-forward are normed before they are added.
        package var outputNorms: Bool
        /// The projections of Q, K and V must have biases; other files may have them.
        package var queryKeyValueBias: Bool

        /// Collects the choices.
        package init(
            queryKeyNorm: Bool = false, outputNorms: Bool = false, queryKeyValueBias: Bool = false
        ) {
            self.queryKeyNorm = queryKeyNorm
            self.outputNorms = outputNorms
            self.queryKeyValueBias = queryKeyValueBias
        }
    }

    /// The width of all query heads together.
    package var queryWidth: Int { headCount * headDimension }
    /// The width of all key heads together, and of all value heads.
    package var keyValueWidth: Int { kvHeadCount * headDimension }
}

extension ModelConfiguration {
    /// What the layers keep for one token, for `KVPlanner`.
    package var kvGeometry: KVGeometry {
        KVGeometry(spans: spans, kvHeads: kvHeadCount, headDim: headDimension)
    }
}
