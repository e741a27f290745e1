import Tensors

/// The weights of one layer. Matrices are [outputs, inputs]; what is not there in every layer is
/// there or not as the layer's shape says.
struct LayerWeights: Sendable {
    /// The layer's number, from 0.
    var index: Int
    /// What the layer computes.
    var shape: LayerShape
    /// [D]; nil where attention reads the residual stream as it is.
    var attentionNorm: Norm?
    /// [H·d, D]; of latent attention, what queries are compressed or projected by.
    var query: WeightMatrix
    /// [K·d, D], or what computes latent vectors; nil where the layer reads another's keys and
    /// values.
    var key: WeightMatrix?
    /// [K·d, D]; nil there, and where values are keys or are computed from latent vectors.
    var value: WeightMatrix?
    /// The other weights of latent attention; nil: there are none.
    var latent: LatentWeights?
    /// The biases of Q, K and V one after another, [H·d + 2·K·d]; empty where there are none.
    var queryKeyValueBias: [Float]
    /// [d] or [H·d]; empty where queries are not normed.
    var queryNorm: [Float]
    /// [d] or [K·d]; empty where keys are not normed.
    var keyNorm: [Float]
    /// [H]; empty where heads have no sink.
    var sinks: [Float]
    /// [D, H·d]
    var attentionOutput: WeightMatrix
    /// [D]; empty where there is none, like all biases.
    var attentionOutputBias: [Float]
    /// [D]; nil where the output of attention is not normed.
    var postAttentionNorm: Norm?
    /// [D]; attention's where both share it, nil where the network reads the stream as it is.
    var feedForwardNorm: Norm?
    /// The network of every token; nil where there are experts alone.
    var network: NetworkWeights?
    /// The networks that tokens choose from, as the shape lists them.
    var experts: [ExpertWeights]
    /// [D]; nil where the network's output is not normed.
    var postFeedForwardNorm: Norm?
    /// What becomes of an input of the layer's own; nil without one.
    var ownInput: OwnInputWeights?
    /// What the stream is multiplied by in the end.
    var streamScale: Float

    /// The matrices, in the order in which a step reads them.
    var matrices: [WeightMatrix] {
        var all: [WeightMatrix] = []
        var copy = self
        copy.forEachMatrix { all.append($0) }
        return all
    }

    /// Calls `body` with every matrix, in that order.
    ///
    /// - Parameter experts: whether those of experts that tokens choose are among them.
    mutating func forEachMatrix(experts all: Bool = true, _ body: (inout WeightMatrix) -> Void) {
        body(&query)
        if var matrix = key {
            body(&matrix)
            key = matrix
        }
        if var matrix = value {
            body(&matrix)
            value = matrix
        }
        latent?.forEachMatrix(body)
        body(&attentionOutput)
        if var dense = network {
            if var gate = dense.gate {
                body(&gate)
                dense.gate = gate
            }
            body(&dense.up)
            body(&dense.down)
            network = dense
        }
        for index in experts.indices {
            body(&experts[index].router)
            guard all || !experts[index].areChosen else { continue }
            for list in [\ExpertWeights.gate, \.up, \.down] {
                for expert in experts[index][keyPath: list].indices {
                    body(&experts[index][keyPath: list][expert])
                }
            }
        }
        if var own = ownInput {
            body(&own.gate)
            body(&own.projection)
            ownInput = own
        }
    }

    /// The matrices of experts that tokens choose.
    var chosenExperts: [WeightMatrix] { experts.filter(\.areChosen).flatMap(\.matrices) }

    /// The bytes of the matrices that one token reads: of the experts, those that it chooses.
    func bytesPerToken(_ bytes: (WeightMatrix) -> Int) -> Int {
        var dense = self
        dense.experts = []
        return experts.reduce(dense.matrices.reduce(0) { $0 + bytes($1) }) { sum, list in
            let chosen = list.shape.router.chosen
            return sum + bytes(list.router)
                + [list.gate, list.up, list.down].reduce(0) { $0 + bytes($1[0]) } * chosen
        }
    }
}

/// The weights of a feed-forward network.
struct NetworkWeights: Sendable {
    /// [F, D]; nil where the network has no gate.
    var gate: WeightMatrix?
    /// [F]
    var gateBias: [Float]
    /// [F, D]
    var up: WeightMatrix
    /// [F]
    var upBias: [Float]
    /// [D, F]
    var down: WeightMatrix
    /// [D]
    var downBias: [Float]
    /// [D], of what the network gives beside experts; nil: it is not normed by itself.
    var outputNorm: Norm?
}

/// The weights of networks that tokens choose from.
struct ExpertWeights: Sendable {
    var shape: ExpertShape
    /// The shape's rule, with the bias that chooses.
    var rule: RouterRule
    /// [experts, D]
    var router: WeightMatrix
    /// [F, D] of each expert, with F the experts' own width.
    var gate: [WeightMatrix]
    /// [F, D] of each.
    var up: [WeightMatrix]
    /// [D, F] of each.
    var down: [WeightMatrix]
    /// Of all of them; nil where there are none.
    var biases: ExpertBiases?
    /// Of their own; nil where they read what the network of every token reads.
    var norms: ExpertNorms?

    /// Whether a token has some and not others.
    var areChosen: Bool { shape.router.chosen < shape.router.experts }

    /// The experts' matrices.
    var matrices: [WeightMatrix] { gate + up + down }
}

/// The norms of networks that tokens choose from: [D] each.
struct ExpertNorms: Sendable {
    /// Of the stream that the router reads.
    var router: Norm
    /// Of the stream that the experts read.
    var input: Norm
    /// Of what they give.
    var output: Norm
}

/// The biases of networks that tokens choose from, and of their router.
struct ExpertBiases: Sendable {
    /// [experts]
    var router: [Float]
    /// [experts, F]
    var gate: FloatMatrix
    /// [experts, F]
    var up: FloatMatrix
    /// [experts, D]
    var down: FloatMatrix

    /// The bytes of their copies in memory: there may be many experts.
    var byteCount: Int { [gate, up, down].reduce(0) { $0 + 4 * $1.rows * $1.stride } }
}
