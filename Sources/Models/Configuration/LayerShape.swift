import KVCache
import Tensors

/// What one layer of a transformer computes, as data: `ForwardPass` interprets it.
///
/// With D the model's width: attention of H query and K key/value heads of d values, then a
/// feed-forward network of a hidden width F. Where an architecture differs from another in what
/// can be said here, its file says it here; the routine reads values, never names.
struct LayerShape: Hashable, Sendable {
    /// H
    var headCount: Int
    /// K; divides H.
    var kvHeadCount: Int
    /// d, of queries, keys and values alike.
    var headDimension: Int
    /// F; 0 where there are experts alone.
    var feedForwardLength: Int
    /// The latent vectors that keys and values are computed from: H heads of queries then read one
    /// key of d values, which a latent vector and what is beside it are. Nil: there are none.
    var latent: LatentShape?

    /// The layer before it whose keys and values it reads; nil: it has its own.
    var keyValueLayer: Int?
    /// Whether values are what keys are before they are normed and turned.
    var valuesAreKeys = false
    /// What a query sees.
    var span = AttentionSpan.full
    /// Whether its window does not slide: a query sees the keys of its run of so many positions.
    var isChunked = false
    /// Which of the model's rotary embeddings turns queries and keys; nil: none does.
    var rope: Int? = 0
    /// The bound within which queries, keys and values are held, from either side, once they have
    /// their biases; nil: none.
    var queryKeyValueBound: Float?
    /// What the norms of queries and of keys are taken over; nil: they are not normed.
    var headNorm: HeadNormSpan?
    /// Whether those norms have weights.
    var headNormHasWeights = true
    /// Whether that comes after they are turned and not before.
    var normsTurnedHeads = false
    /// Whether the model's growth of queries with their position is this layer's too.
    var growsQueries = true
    /// Whether values are normed head by head, by no weights.
    var normsValues = false
    /// The factor on the product of a query and a key.
    var attentionScale: Float
    /// The bound c towards which those scores are bent, as c · tanh(score / c); nil: they are not.
    var scoreCap: Float?
    /// The exponent of the slopes by which scores fall with the distance of a key (ALiBi), the
    /// steepest of all heads being 2^(-8 / n), n of them: 8 in most models; nil: they do not.
    var slopeExponent: Float?
    /// Whether each head has one more score, of no key, that takes its share of the weights.
    var hasSinks = false

    /// Where the norms of the two sub-layers are.
    var norms = NormPlacement.before
    /// How the two sub-layers follow one another.
    var order = Order.serial
    /// What becomes of the feed-forward network's hidden layer.
    var activation = Activation.gated(.silu)
    /// The networks that tokens choose from, each list by a router of its own: what they give is
    /// added to what the dense network gives, if there is one.
    var experts: [ExpertShape] = []
    /// The factor on what a sub-layer adds to the residual stream.
    var outputScale: Float = 1
    /// The values of an input of the layer's own, made of the token and its embedding, that it adds
    /// to the stream in the end; nil: it has none.
    var ownInput: Int?
    /// Whether the stream is multiplied by a number of the layer's own then.
    var scalesStream = false

    /// Where norms are.
    enum NormPlacement: Hashable, Sendable {
        /// Of the input of a sub-layer: x + f(norm(x)).
        case before
        /// Of its output alone: x + norm(f(x)).
        case after
        /// Of both: x + norm(f(norm(x))).
        case both

        var isBefore: Bool { self != .after }
        var isAfter: Bool { self != .before }
    }

    /// How attention, a, and the feed-forward network, f, follow one another.
    enum Order: Hashable, Sendable {
        /// y = x + a(x), then y + f(y).
        case serial
        /// x + a(x) + f(x); each has a norm of its own, or both have attention's.
        case parallel(sharedNorm: Bool)

        var isParallel: Bool { self != .serial }
        var hasSharedNorm: Bool { self == .parallel(sharedNorm: true) }
    }

    /// The hidden layer of the feed-forward network.
    enum Activation: Hashable, Sendable {
        /// activation(gate · x) ⊙ (up · x)
        case gated(ProductInput.Gate)
        /// activation(up · x)
        case plain(ProductInput.Gate)

        /// What bends the gate, or the hidden layer.
        var kind: ProductInput.Gate {
            switch self {
            case .gated(let kind), .plain(let kind): kind
            }
        }

        /// Whether there is a gate beside the up projection.
        var isGated: Bool {
            switch self {
            case .gated: true
            case .plain: false
            }
        }
    }

    /// The width of all query heads together.
    var queryWidth: Int { headCount * headDimension }
    /// The width of the queries, keys and values that the layer computes.
    var preparedWidth: Int {
        queryWidth + (latent == nil ? 2 * keptHeadCount * headDimension : 0)
    }
    /// The width of what attention's output projection reads.
    var attendedWidth: Int { headCount * (latent?.value ?? headDimension) }
    /// The width of all key heads together, and of all value heads.
    var keyValueWidth: Int { kvHeadCount * headDimension }
    /// The key heads that the layer itself computes and keeps, and as many of values.
    var keptHeadCount: Int { keyValueLayer == nil ? kvHeadCount : 0 }
}
