package import KVCache

/// What keys and values of a model take, in bytes.
package struct KeyValueCost: Hashable, Sendable {
    /// All layers together, of one token.
    package let bytesPerToken: Int
    /// Of them, scales and the padding of quantised vectors.
    package let scaleBytesPerToken: Int
    /// Tokens of a sequence.
    package let context: Int
    /// Of a sequence of `context` tokens: windows keep no more than they see and a chunk.
    package let bytesPerSequence: Int
    /// What a step's queries take as quantised vectors with their scales; 0 where keys and values
    /// are not quantised.
    package let scratchBytes: Int

    /// Computes them.
    ///
    /// - Parameters:
    ///   - shape: the model.
    ///   - dtype: the number format of keys and values.
    ///   - context: tokens of a sequence.
    ///   - chunk: tokens of one step, which a window keeps besides what it sees.
    /// - Complexity: O(layers).
    package init(_ shape: ModelShape, dtype: KVDType, context: Int, chunk: Int) {
        let geometry = shape.kvGeometry
        bytesPerToken = geometry.bytesPerToken(dtype)
        scaleBytesPerToken =
            bytesPerToken
            - geometry.layers.reduce(0) {
                $0 + $1.vectors * $1.kvHeads * $1.headDim * dtype.elementBytes
            }
        self.context = context
        bytesPerSequence = geometry.layers.reduce(0) { sum, layer in
            sum + layer.bytesPerToken(dtype) * layer.span.tokensKept(of: context, chunk: chunk)
        }
        scratchBytes =
            dtype == .int8
            ? chunk * (shape.layers.map { $0.attention.queryBytes(dtype) }.max() ?? 0) : 0
    }
}

extension AttentionSpan {
    /// Tokens of a sequence of `tokens` that a layer keeps at most, computed in chunks.
    func tokensKept(of tokens: Int, chunk: Int) -> Int {
        switch self {
        case .full: tokens
        case .slidingWindow(let window): min(tokens, window - 1 + min(chunk, tokens))
        }
    }
}

extension AttentionShape {
    /// Bytes of the queries of one token in the format of keys.
    func queryBytes(_ dtype: KVDType) -> Int {
        switch self {
        case .heads(let heads): heads.query * dtype.slotBytes(heads.dimension)
        case .latent(let latent): latent.query * dtype.slotBytes(latent.rank + latent.rope)
        }
    }

    /// What the field calls it.
    package var kind: String {
        switch self {
        case .latent: "MLA"
        case .heads(let heads):
            heads.keyValue == heads.query ? "MHA" : heads.keyValue == 1 ? "MQA" : "GQA"
        }
    }
}
