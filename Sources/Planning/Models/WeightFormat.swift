/// The number format of a model's weights: bytes of a block of them.
package struct WeightFormat: Hashable, Sendable {
    /// What it is called.
    package let name: String
    /// Weights of one block.
    package let blockWeights: Int
    /// Bytes of one block, its scales included.
    package let blockBytes: Int

    /// Every format. Blocks of the q formats: ggml's, as GGUF files have them.
    package static let all: [WeightFormat] = [
        WeightFormat(name: "f32", blockWeights: 1, blockBytes: 4),
        WeightFormat(name: "f16", blockWeights: 1, blockBytes: 2),
        WeightFormat(name: "bf16", blockWeights: 1, blockBytes: 2),
        WeightFormat(name: "fp8", blockWeights: 1, blockBytes: 1),
        WeightFormat(name: "int8", blockWeights: 1, blockBytes: 1),
        WeightFormat(name: "q8_0", blockWeights: 32, blockBytes: 34),
        WeightFormat(name: "q6_k", blockWeights: 256, blockBytes: 210),
        WeightFormat(name: "q5_k", blockWeights: 256, blockBytes: 176),
        WeightFormat(name: "q4_k", blockWeights: 256, blockBytes: 144),
        WeightFormat(name: "q4_0", blockWeights: 32, blockBytes: 18),
        WeightFormat(name: "mxfp4", blockWeights: 32, blockBytes: 17),
        WeightFormat(name: "q3_k", blockWeights: 256, blockBytes: 110),
        WeightFormat(name: "q2_k", blockWeights: 256, blockBytes: 84),
    ]

    /// Half precision, which models are published in.
    package static let f16 = WeightFormat(name: "f16", blockWeights: 1, blockBytes: 2)

    /// The format of a name.
    package static func named(_ name: String) -> WeightFormat? {
        all.first { $0.name == name.lowercased() }
    }

    /// Bits of one weight.
    package var bits: Double { 8 * Double(blockBytes) / Double(blockWeights) }

    /// Bytes of `weights` of them, whole blocks.
    package func bytes(_ weights: Int) -> Int {
        guard weights > 0 else { return 0 }
        return ((weights - 1) / blockWeights + 1) * blockBytes
    }
}
