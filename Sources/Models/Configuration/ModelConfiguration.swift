package import KVCache
import Tensors

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
    /// The width of the residual stream.
    package var embeddingLength: Int
    /// The entries of the vocabulary, and so the logits of a position.
    package var vocabularySize: Int
    /// The longest context, in tokens, that the model was made for.
    package var contextLength: Int
    /// How rows are normed.
    var norm: NormRule
    /// The factor on the embedding of a token (1, or √embeddingLength in Gemma).
    package var embeddingScale: Float
    /// The factor on logits, before they are bent.
    package var logitScale: Float = 1
    /// The bound c towards which logits are bent, as c · tanh(logit / c); nil: they are not.
    package var logitCap: Float?
    /// Whether the embedding of a token is normed before the first layer.
    var normsEmbedding = false
    /// Whether each position has a learned vector, which is added to the embedding of its token.
    var hasLearnedPositions = false
    /// The distinct rotary embeddings of the model.
    package var ropes: [RopeParameters]
    /// How queries grow with their position, once they are turned; nil: they do not.
    var queryGrowth: QueryGrowth?
    /// What each layer computes.
    var layers: [LayerShape]
    /// What the layers' tensors are called, and what is required of them.
    var tensors = LayerTensors()
    /// How far the rounding of activations is refined when they are quantised.
    package var refinement = LayerRefinement()

    /// The number of transformer layers.
    package var layerCount: Int { layers.count }
    /// What each layer's attention sees.
    package var spans: [AttentionSpan] { layers.map(\.span) }
    /// The sizes of each layer.
    package var layerSizes: [LayerSizes] { layers.map(LayerSizes.init) }

    /// The most values of a head, and the most query heads that share a key, of any layer: what
    /// attention's workspace is made for.
    var widestHead: Int { layers.map(\.headDimension).max() ?? 1 }
    var largestGroup: Int { layers.map { $0.headCount / $0.kvHeadCount }.max() ?? 1 }

    /// The last layer that has keys and values of its own: what comes after it is computed for
    /// the tokens alone whose logits are wanted.
    var lastOwnLayer: Int { layers.lastIndex { $0.keyValueLayer == nil } ?? 0 }

    /// Changes what every layer computes.
    mutating func forEachLayer(_ change: (inout LayerShape) -> Void) {
        for index in layers.indices { change(&layers[index]) }
    }
}

/// The sizes of a layer, for plans.
package struct LayerSizes: Hashable, Sendable {
    /// Query heads.
    package var headCount: Int
    /// Key and value heads, which divide `headCount`; 0 where those of another layer are read.
    package var kvHeadCount: Int
    /// The dimension of one head, of queries, keys and values alike.
    package var headDimension: Int
    /// The sizes of latent attention, of which the others are those that its kernel sees; nil:
    /// there is none.
    package var latent: LatentShape?
    /// The width of the feed-forward network's hidden layer.
    package var feedForwardLength: Int
    /// Whether the feed-forward network has a gate beside its up projection.
    package var isGated: Bool
    /// The networks that tokens choose from; nil without any.
    package var experts: Experts?

    /// The sizes of networks that tokens choose from.
    package struct Experts: Hashable, Sendable {
        /// Networks to choose from.
        package var count: Int
        /// Networks that each token chooses.
        package var chosen: Int
        /// The width of the hidden layer of one.
        package var width: Int
        /// The width of the hidden layers that every token has beside them.
        package var sharedWidth: Int
    }

    /// The sizes of a shape.
    init(_ shape: LayerShape) {
        headCount = shape.headCount
        kvHeadCount = shape.keptHeadCount
        headDimension = shape.headDimension
        latent = shape.latent
        feedForwardLength = shape.feedForwardLength
        isGated = shape.activation.isGated
        let shared = shape.experts.filter { $0.router.experts == 1 }.reduce(0) { $0 + $1.width }
        experts = shape.experts.first.map {
            Experts(
                count: $0.router.experts, chosen: $0.router.chosen, width: $0.width,
                sharedWidth: shape.feedForwardLength + shared)
        }
    }
}

extension ModelConfiguration {
    /// What the layers keep for one token, for `KVPlanner`.
    ///
    /// A layer that reads the keys and values of another has no place of its own.
    package var kvGeometry: KVGeometry {
        KVGeometry(
            layers: layers.filter { $0.keyValueLayer == nil }.map {
                if let latent = $0.latent {
                    return KVLayer(
                        span: $0.span, latentRank: latent.rank, ropeDim: latent.rotated)
                }
                return KVLayer(
                    span: $0.span, kvHeads: $0.kvHeadCount, headDim: $0.headDimension)
            })
    }

    /// Which of the layers of `kvGeometry` has the keys and values that each layer reads.
    var cacheLayers: [Int] {
        var (own, result) = (0, [Int]())
        for layer in layers {
            result.append(layer.keyValueLayer.map { result[$0] } ?? own)
            if layer.keyValueLayer == nil { own += 1 }
        }
        return result
    }
}
