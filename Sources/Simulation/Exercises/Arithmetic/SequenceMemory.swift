import KVCache

/// What the keys and values of one sequence take, and how many such sequences a memory holds.
package struct SequenceMemory: Hashable, Sendable {
    /// Layers of the model.
    package var layers: Int
    /// Key and value heads of a layer.
    package var keyValueHeads: Int
    /// Elements of a head.
    package var headDimension: Int
    /// Tokens of the sequence.
    package var tokens: Int

    /// A sequence in a model, in half precision.
    package init(layers: Int, keyValueHeads: Int, headDimension: Int, tokens: Int) {
        self.layers = layers
        self.keyValueHeads = keyValueHeads
        self.headDimension = headDimension
        self.tokens = tokens
    }

    /// Bytes of one token, by the engine's own sum.
    package var bytesPerToken: Int {
        KVGeometry(
            spans: Array(repeating: .full, count: layers), kvHeads: keyValueHeads,
            headDim: headDimension
        ).bytesPerToken(.f16)
    }

    /// Bytes of the sequence.
    package var bytes: Int { tokens * bytesPerToken }

    /// Sequences that a memory holds beside `weightBytes`.
    package func count(in memoryBytes: Int, beside weightBytes: Int = 0) -> Int {
        max(0, memoryBytes - weightBytes) / bytes
    }

    /// The share of keys and values in their sum with the weights.
    package func share(of sequences: Int, beside weightBytes: Int) -> Double {
        let keyValues = Double(sequences) * Double(bytes)
        return keyValues / (keyValues + Double(weightBytes))
    }

    /// The sum in words: `2 x 32 layers x 8 heads x 128 elements x 2 bytes`.
    var formula: String {
        "2 x \(layers) layers x \(keyValueHeads) key/value heads x \(headDimension) elements "
            + "x 2 bytes"
    }
}
