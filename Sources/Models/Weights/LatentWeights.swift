import Tensors

/// The weights of latent attention beside what projects the stream. With H heads and the sizes of
/// `LatentShape`.
struct LatentWeights: Sendable {
    /// [query rank], of compressed queries; nil where they are not compressed.
    var queryNorm: Norm?
    /// [H·(plain + rotated), query rank]; nil there.
    var expandedQuery: WeightMatrix?
    /// [rank], of latent vectors.
    var norm: Norm
    /// [rank, plain] of each head: what takes queries to where latent vectors are.
    var keys: [WeightMatrix]
    /// [value, rank] of each head.
    var values: [WeightMatrix]
    /// Bytes of copies in memory, of files that have the transpose of `keys`.
    var copiedBytes = 0

    /// Calls `body` with every matrix, in the order in which a step reads them.
    mutating func forEachMatrix(_ body: (inout WeightMatrix) -> Void) {
        if var matrix = expandedQuery {
            body(&matrix)
            expandedQuery = matrix
        }
        for head in keys.indices { body(&keys[head]) }
        for head in values.indices { body(&values[head]) }
    }
}
