/// The formulas as a textbook has them, for what they are worth; what is right is beside them.
package enum Textbook {
    /// Bytes of keys and values by the model's width: `2 layers tokens width bytes`.
    ///
    /// Right for multi-head attention alone: grouped heads keep less, which `KVGeometry` counts.
    package static func keyValueBytes(
        layers: Int, tokens: Int, width: Int, elementBytes: Int
    ) -> Int {
        2 * layers * tokens * width * elementBytes
    }

    /// Bytes of activations as if the output of every layer were kept: `tokens width layers bytes`.
    ///
    /// Training keeps them for the way back. Inference does not: a layer's output is the next one's
    /// input, in the same buffer (`ModelShape.workingSet`).
    package static func activationBytes(
        layers: Int, tokens: Int, width: Int, elementBytes: Int
    ) -> Int {
        tokens * width * layers * elementBytes
    }

    /// The share of what was set aside that holds tokens.
    package static func utilization(stored: Int, allocated: Int) -> Double {
        allocated == 0 ? 0 : Double(stored) / Double(allocated)
    }

    /// Sequences a second when a batch ends with its longest one.
    package static func staticThroughput(completions: [Int]) -> Double {
        guard let longest = completions.max(), longest > 0 else { return 0 }
        return Double(completions.count) / Double(longest)
    }

    /// Bytes that static batching sets aside.
    package static func staticBytes(batch: Int, maxLength: Int, bytesPerToken: Int) -> Int {
        batch * maxLength * bytesPerToken
    }
}
