import Tensors

/// The sizes of every tensor type that a GGUF file may name, supported here or not.
///
/// Needed for types without kernels too: a tensor's place in the file is the sum of the sizes of
/// all the tensors before it.
struct TensorLayout {
    let name: String
    /// Weights in a block.
    let blockSize: Int
    /// Bytes of a block.
    let blockBytes: Int

    /// The layout of a type id; nil if the id is unknown or was removed from the format.
    static func of(_ id: UInt32) -> TensorLayout? {
        let format = TensorFormat(rawValue: id)
        guard format.isSupported else { return withoutKernels[id] }
        return TensorLayout(format.name, format.blockSize, format.blockBytes)
    }

    private init(_ name: String, _ blockSize: Int, _ blockBytes: Int) {
        self.name = name
        self.blockSize = blockSize
        self.blockBytes = blockBytes
    }

    // Ids 4, 5, 31-33 and 36-38 belonged to types that were removed.
    private static let withoutKernels: [UInt32: TensorLayout] = [
        9: .init("Q8_1", 32, 36), 15: .init("Q8_K", 256, 292),
        16: .init("IQ2_XXS", 256, 66), 17: .init("IQ2_XS", 256, 74),
        18: .init("IQ3_XXS", 256, 98), 19: .init("IQ1_S", 256, 50), 21: .init("IQ3_S", 256, 110),
        22: .init("IQ2_S", 256, 82), 29: .init("IQ1_M", 256, 56),
        24: .init("I8", 1, 1), 25: .init("I16", 1, 2), 26: .init("I32", 1, 4),
        27: .init("I64", 1, 8), 28: .init("F64", 1, 8),
        34: .init("TQ1_0", 256, 54), 35: .init("TQ2_0", 256, 66),
        40: .init("NVFP4", 64, 36), 41: .init("Q1_0", 128, 18), 42: .init("Q2_0", 64, 18),
    ]
}
