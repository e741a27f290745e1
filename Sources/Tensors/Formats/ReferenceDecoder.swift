/// The block formats in plain Swift, weight by weight: the definition that every kernel is
/// compared with. Slow, and meant to be read beside the format tables of GGUF.
package enum ReferenceDecoder {
    /// The weights of whole blocks. O(count).
    ///
    /// Precondition: the format is supported and `bytes` holds a whole number of its blocks.
    package static func decode(_ bytes: [UInt8], _ format: TensorFormat) -> [Float] {
        weights(bytes, format).map(\.value)
    }

    /// The same, as what a weight is made of.
    package static func weights(_ bytes: [UInt8], _ format: TensorFormat) -> [ReferenceWeight] {
        precondition(bytes.count % format.blockBytes == 0)
        var weights: [ReferenceWeight] = []
        weights.reserveCapacity(bytes.count / format.blockBytes * format.blockSize)
        for start in stride(from: 0, to: bytes.count, by: format.blockBytes) {
            let block = Block(bytes: bytes[start..<(start + format.blockBytes)])
            weights += block.weights(format)
        }
        return weights
    }

    /// The dot product of weights and activations in double precision, and the sum of the
    /// magnitudes of its terms, which bounds the error of any order of summation.
    package static func dot(
        _ weights: [Float], _ activations: [Float]
    ) -> (sum: Double, magnitude: Double) {
        precondition(weights.count == activations.count)
        var sum = 0.0
        var magnitude = 0.0
        for (weight, activation) in zip(weights, activations) {
            let term = Double(weight) * Double(activation)
            sum += term
            magnitude += term.magnitude
        }
        return (sum, magnitude)
    }
}

/// One weight: scale · integer, and an offset in some formats. A float is once its scale.
package struct ReferenceWeight {
    /// What the integer is multiplied by.
    package let scale: Float
    /// At most 8 bits.
    package let integer: Int
    /// What is added; nil in formats without.
    package let offset: Float?

    init(_ scale: Float, _ integer: Int = 1, offset: Float? = nil) {
        self.scale = scale
        self.integer = integer
        self.offset = offset
    }

    /// The weight: a product that is rounded, and a sum that is.
    package var value: Float {
        let product = scale * Float(integer)
        return offset.map { product + $0 } ?? product
    }
}

/// One block's bytes, with the readers that the formats share.
struct Block {
    let bytes: ArraySlice<UInt8>

    /// The byte at an offset from the block's start.
    subscript(_ offset: Int) -> Int { Int(bytes[bytes.startIndex + offset]) }

    func signed(_ offset: Int) -> Int { Int(Int8(truncatingIfNeeded: self[offset])) }

    func bits16(_ offset: Int) -> UInt16 { UInt16(self[offset] | self[offset + 1] << 8) }

    func bits32(_ offset: Int) -> UInt32 {
        UInt32(bits16(offset)) | UInt32(bits16(offset + 2)) << 16
    }

    func half(_ offset: Int) -> Float { HalfPrecision.float(bits16(offset)) }

    /// The 4-bit number i of a run of 32: low nibbles of 16 bytes first, then the high ones.
    func nibble(_ i: Int, at offset: Int) -> Int {
        i < 16 ? self[offset + i] & 15 : self[offset + i - 16] >> 4
    }

    func weights(_ format: TensorFormat) -> [ReferenceWeight] {
        switch format {
        case .f32: [ReferenceWeight(Float(bitPattern: bits32(0)))]
        case .f16: [ReferenceWeight(half(0))]
        case .bf16: [ReferenceWeight(Float(bitPattern: UInt32(bits16(0)) << 16))]
        case .q4_0: run(half(0)) { nibble($0, at: 2) - 8 }
        case .q4_1: run(half(0), offset: half(2)) { nibble($0, at: 4) }
        case .q5_0: run(half(0)) { fiveBits($0, nibbles: 6, high: 2) - 16 }
        case .q5_1: run(half(0), offset: half(2)) { fiveBits($0, nibbles: 8, high: 4) }
        case .q8_0: run(half(0)) { signed(2 + $0) }
        case .iq4_nl: run(half(0)) { Self.unevenValues[nibble($0, at: 2)] }
        case .mxfp4: run(Self.powerOfTwo(self[0] - 128)) { Self.doubledE2M1[nibble($0, at: 1)] }
        case .q2_K: superBlock(q2_K)
        case .q3_K: superBlock(q3_K)
        case .q4_K: superBlock { q45_K($0, quant: self[16 + $0 / 64 * 32 + $0 % 32], fifth: 0) }
        case .q5_K: superBlock(q5_K)
        case .q6_K: superBlock(q6_K)
        case .iq4_xs: superBlock(iq4_xs)
        default: preconditionFailure("\(format) has no decoder")
        }
    }

    private func run(
        _ scale: Float, offset: Float? = nil, _ integer: (Int) -> Int
    ) -> [ReferenceWeight] {
        (0..<32).map { ReferenceWeight(scale, integer($0), offset: offset) }
    }

    private func superBlock(_ weight: (Int) -> ReferenceWeight) -> [ReferenceWeight] {
        (0..<256).map(weight)
    }

    private func fiveBits(_ i: Int, nibbles: Int, high: Int) -> Int {
        nibble(i, at: nibbles) | Int(bits32(high) >> UInt32(i) & 1) << 4
    }

    static let unevenValues = [
        -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113,
    ]

    static let doubledE2M1 = [0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12]

    /// 2 to a power in -128...127; the two lowest are subnormal.
    static func powerOfTwo(_ exponent: Int) -> Float {
        exponent >= -126
            ? Float(sign: .plus, exponent: exponent, significand: 1)
            : Float(bitPattern: 0x0080_0000 >> UInt32(-126 - exponent))
    }
}
