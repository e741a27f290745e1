import Tensors

/// The buffers of latent attention: layers share them.
///
/// With T step tokens, H heads and the sizes of `LatentShape`.
final class LatentBuffers: Sendable {
    /// H
    let heads: Int
    let shape: LatentShape
    /// Queries as they are compressed: [T, query rank], or nothing
    let compressed: FloatMatrix
    /// The same, rounded.
    let roundedCompressed: QuantizedActivations
    /// [T, H·(plain + rotated)]
    let queries: FloatMatrix
    /// Latent vectors, and what is beside them: [T, rank + rotated]
    let latent: FloatMatrix
    /// The part of queries that is not turned, head by head: [H·T, plain]
    let plain: FloatMatrix
    /// The same, rounded.
    let roundedPlain: QuantizedActivations
    /// What each head's matrix makes of it, and what attention found, head by head: [H·T, rank]
    let byHead: FloatMatrix
    /// What attention found, rounded.
    let roundedByHead: QuantizedActivations
    /// What attention found: [T, H·rank]
    let attended: FloatMatrix
    /// What each head's matrix makes of it: [H·T, value]
    let values: FloatMatrix
    /// Sends every token to the matrix of every head.
    let routing: ExpertRouting

    /// Allocates the buffers; nil where no layer has latent attention. Those that have it are
    /// alike.
    init?(_ c: ModelConfiguration, tokens: Int) throws(TensorError) {
        guard let layer = c.layers.first(where: { $0.latent != nil }), let shape = layer.latent
        else { return nil }
        let (heads, rounding) = (layer.headCount, c.refinement.queryKeyValue)
        let rank = shape.queryRank ?? 0
        self.heads = heads
        self.shape = shape
        compressed = try FloatMatrix(rows: tokens, columns: rank)
        roundedCompressed = try QuantizedActivations(
            rows: tokens, columns: rank, refinement: rounding)
        queries = try FloatMatrix(rows: tokens, columns: heads * shape.projected)
        latent = try FloatMatrix(rows: tokens, columns: shape.kept)
        plain = try FloatMatrix(rows: heads * tokens, columns: shape.plain)
        roundedPlain = try QuantizedActivations(
            rows: heads * tokens, columns: shape.plain, refinement: rounding)
        byHead = try FloatMatrix(rows: heads * tokens, columns: shape.rank)
        roundedByHead = try QuantizedActivations(
            rows: heads * tokens, columns: shape.rank, refinement: c.refinement.attentionOutput)
        attended = try FloatMatrix(rows: tokens, columns: heads * shape.rank)
        values = try FloatMatrix(rows: heads * tokens, columns: shape.value)
        routing = try ExpertRouting(tokens: tokens, chosen: heads)
    }

    /// The bytes that they take.
    static func byteCount(_ c: ModelConfiguration, tokens: Int) -> Int {
        guard let layer = c.layers.first(where: { $0.latent != nil }), let shape = layer.latent
        else { return 0 }
        let (heads, rounding) = (layer.headCount, c.refinement.queryKeyValue)
        let rank = shape.queryRank ?? 0
        let perHead = shape.projected + shape.plain + 2 * shape.rank + shape.value + 4
        return 4 * tokens * (rank + shape.kept + heads * perHead)
            + QuantizedActivations.byteCount(rows: tokens, columns: rank, refinement: rounding)
            + QuantizedActivations.byteCount(
                rows: heads * tokens, columns: shape.plain, refinement: rounding)
            + QuantizedActivations.byteCount(
                rows: heads * tokens, columns: shape.rank,
                refinement: c.refinement.attentionOutput)
    }
}

/// The products of latent attention.
struct LatentProducts {
    /// Of the stream: queries, at once or compressed, and latent vectors.
    let projections: ProductGroup
    /// Of compressed queries, into `LatentBuffers.queries`; empty where they are not compressed.
    let expansion: ProductGroup
    /// Of each head's queries, into `LatentBuffers.byHead`.
    let keys: [ExpertProduct]
    /// Of what each head found, into `LatentBuffers.values`.
    let values: [ExpertProduct]
    let weights: LatentWeights
    let buffers: LatentBuffers

    /// Nil where the layer has no latent attention.
    init?(_ layer: LayerWeights, _ scratch: Scratch) {
        guard let weights = layer.latent, let key = layer.key, let buffers = scratch.latent,
            buffers.shape == layer.shape.latent, buffers.heads == layer.shape.headCount
        else { return nil }
        self.weights = weights
        self.buffers = buffers
        let isCompressed = weights.expandedQuery != nil
        projections = ProductGroup([
            .init(layer.query, into: isCompressed ? buffers.compressed : buffers.queries),
            .init(key, into: buffers.latent),
        ])
        expansion = ProductGroup(
            weights.expandedQuery.map { [.init($0, into: buffers.queries)] } ?? [])
        keys = [ExpertProduct(weights.keys, into: buffers.byHead)]
        values = [ExpertProduct(weights.values, into: buffers.values)]
    }
}
