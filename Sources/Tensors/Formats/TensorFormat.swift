/// How the numbers of a tensor are stored: one of the GGUF block formats.
///
/// A block is the smallest unit that can be decoded alone: `blockSize` consecutive weights of one
/// row in `blockBytes` bytes. The raw value is the type id in a GGUF file; a value outside
/// `supported` can be made (a file may hold it) but has no block size and no kernels.
package struct TensorFormat: RawRepresentable, Hashable, Sendable {
    /// The type id that GGUF files carry.
    package let rawValue: UInt32

    /// A format by its GGUF type id, supported or not.
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    /// IEEE single precision.
    package static let f32 = TensorFormat(rawValue: 0)
    /// IEEE half precision.
    package static let f16 = TensorFormat(rawValue: 1)
    /// 32 weights of 4 bits around 8, one half scale.
    package static let q4_0 = TensorFormat(rawValue: 2)
    /// 32 weights of 4 bits, half scale and half minimum.
    package static let q4_1 = TensorFormat(rawValue: 3)
    /// 32 weights of 5 bits around 16, one half scale.
    package static let q5_0 = TensorFormat(rawValue: 6)
    /// 32 weights of 5 bits, half scale and half minimum.
    package static let q5_1 = TensorFormat(rawValue: 7)
    /// 32 signed bytes, one half scale.
    package static let q8_0 = TensorFormat(rawValue: 8)
    /// 256 weights of 2 bits in runs of 16, each with a 4-bit scale and a 4-bit minimum.
    package static let q2_K = TensorFormat(rawValue: 10)
    /// 256 weights of 3 bits in runs of 16, each with a 6-bit scale.
    package static let q3_K = TensorFormat(rawValue: 11)
    /// 256 weights of 4 bits in runs of 32, each with a 6-bit scale and a 6-bit minimum.
    package static let q4_K = TensorFormat(rawValue: 12)
    /// 256 weights of 5 bits in runs of 32, each with a 6-bit scale and a 6-bit minimum.
    package static let q5_K = TensorFormat(rawValue: 13)
    /// 256 weights of 6 bits in runs of 16, each with an 8-bit scale.
    package static let q6_K = TensorFormat(rawValue: 14)
    /// 32 indices of 4 bits into a table of 16 unevenly spaced values, one half scale.
    package static let iq4_nl = TensorFormat(rawValue: 20)
    /// 256 indices into the table of `iq4_nl` in runs of 32, each with a 6-bit scale.
    package static let iq4_xs = TensorFormat(rawValue: 23)
    /// The upper 16 bits of an IEEE single.
    package static let bf16 = TensorFormat(rawValue: 30)
    /// 32 floats of 4 bits (E2M1) with one power of two as the scale (E8M0).
    package static let mxfp4 = TensorFormat(rawValue: 39)

    /// Every format that has a decoder and matrix kernels.
    package static let supported: [TensorFormat] = shapes.map(\.format)

    /// Whether the format has a decoder and matrix kernels.
    package var isSupported: Bool { shape != nil }

    /// Whether a weight is stored as a float of its own, without a block's scale.
    package var isFloat: Bool { self == .f32 || self == .f16 || self == .bf16 }

    /// The name that the field uses, such as `Q5_0`; `type 99` for one that is not supported.
    package var name: String { shape?.name ?? "type \(rawValue)" }

    /// Weights in a block. Precondition: the format is supported.
    package var blockSize: Int { knownShape.weights }

    /// Bytes of a block. Precondition: the format is supported.
    package var blockBytes: Int { knownShape.bytes }

    /// Where the half-precision scales and minimums are in a block.
    package var halves: [Int] { knownShape.halves }

    /// Where the scales that are powers of two, a byte each, are in a block.
    package var powers: [Int] { knownShape.powers }

    /// Columns that share a scale, and an offset.
    package var run: Int { knownShape.run }

    /// Bytes that a row of `columns` weights takes; nil when `columns` is not a whole number of
    /// blocks, is negative, or the product overflows, and for a format that is not supported.
    package func rowBytes(columns: Int) -> Int? {
        guard let shape, columns >= 0, columns % shape.weights == 0 else { return nil }
        let blocks = columns / shape.weights
        let (bytes, overflow) = blocks.multipliedReportingOverflow(by: shape.bytes)
        return overflow ? nil : bytes
    }

    private var knownShape: Shape {
        guard let shape else { preconditionFailure("\(name) is not a supported tensor format") }
        return shape
    }
}

extension TensorFormat: CustomStringConvertible {
    /// The format's name.
    package var description: String { name }
}

extension TensorFormat {
    /// What a block holds.
    private struct Shape {
        let format: TensorFormat
        let name: String
        let weights: Int
        let bytes: Int
        let halves: [Int]
        let powers: [Int]
        let run: Int

        init(
            _ format: TensorFormat, _ name: String, _ weights: Int, _ bytes: Int,
            halves: [Int] = [], powers: [Int] = [], run: Int = 32
        ) {
            self.format = format
            self.name = name
            self.weights = weights
            self.bytes = bytes
            self.halves = halves
            self.powers = powers
            self.run = run
        }
    }

    private static let shapes = [
        Shape(.f32, "F32", 1, 4),
        Shape(.f16, "F16", 1, 2),
        Shape(.bf16, "BF16", 1, 2),
        Shape(.q4_0, "Q4_0", 32, 18, halves: [0]),
        Shape(.q4_1, "Q4_1", 32, 20, halves: [0, 2]),
        Shape(.q5_0, "Q5_0", 32, 22, halves: [0]),
        Shape(.q5_1, "Q5_1", 32, 24, halves: [0, 2]),
        Shape(.q8_0, "Q8_0", 32, 34, halves: [0]),
        Shape(.q2_K, "Q2_K", 256, 84, halves: [80, 82], run: 16),
        Shape(.q3_K, "Q3_K", 256, 110, halves: [108], run: 16),
        Shape(.q4_K, "Q4_K", 256, 144, halves: [0, 2]),
        Shape(.q5_K, "Q5_K", 256, 176, halves: [0, 2]),
        Shape(.q6_K, "Q6_K", 256, 210, halves: [208], run: 16),
        Shape(.iq4_nl, "IQ4_NL", 32, 18, halves: [0]),
        Shape(.iq4_xs, "IQ4_XS", 256, 136, halves: [0]),
        Shape(.mxfp4, "MXFP4", 32, 17, powers: [0]),
    ]

    private var shape: Shape? { Self.shapes.first { $0.format == self } }
}
