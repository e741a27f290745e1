extension TensorFormat {
    /// The formats that `quantize` can write.
    package static let writable: [TensorFormat] = [
        .f32, .f16, .bf16, .q4_0, .q4_1, .q5_0, .q5_1, .q8_0,
    ]

    /// The values in this format, rounded to nearest; nil when the format is not one of
    /// `writable` or the values are not a whole number of blocks. O(count).
    ///
    /// Values should be finite; in the formats with scales, one that is not spoils its block.
    package func quantize(_ values: [Float]) -> [UInt8]? {
        guard Self.writable.contains(self), values.count % blockSize == 0 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(values.count / blockSize * blockBytes)
        for start in stride(from: 0, to: values.count, by: blockSize) {
            append(values[start..<(start + blockSize)], to: &bytes)
        }
        return bytes
    }

    private func append(_ block: ArraySlice<Float>, to bytes: inout [UInt8]) {
        switch self {
        case .f32: bytes.append(littleEndian: block[block.startIndex].bitPattern)
        case .f16: bytes.append(littleEndian: HalfPrecision.half(block[block.startIndex]))
        case .bf16: bytes.append(littleEndian: HalfPrecision.brain(block[block.startIndex]))
        case .q8_0:
            let scale = (block.map(\.magnitude).max() ?? 0) / 127
            bytes.append(littleEndian: HalfPrecision.half(scale))
            bytes += block.map { UInt8(bitPattern: Int8(steps($0, of: scale, in: -127...127))) }
        case .q4_0: appendCentred(block, bits: 4, to: &bytes)
        case .q5_0: appendCentred(block, bits: 5, to: &bytes)
        case .q4_1: appendFromMinimum(block, bits: 4, to: &bytes)
        default: appendFromMinimum(block, bits: 5, to: &bytes)
        }
    }

    /// A scale of either sign, such that the largest magnitude becomes the most negative integer,
    /// the one step more that two's complement has.
    private func appendCentred(_ block: ArraySlice<Float>, bits: Int, to bytes: inout [UInt8]) {
        let zero = 1 << (bits - 1)
        let extreme = block.max { $0.magnitude < $1.magnitude } ?? 0
        let scale = extreme / Float(-zero)
        bytes.append(littleEndian: HalfPrecision.half(scale))
        let quants = block.map { steps($0, of: scale, in: -zero...(zero - 1)) + zero }
        appendQuants(quants, bits: bits, to: &bytes)
    }

    private func appendFromMinimum(
        _ block: ArraySlice<Float>, bits: Int, to bytes: inout [UInt8]
    ) {
        let top = 1 << bits - 1
        let minimum = block.min() ?? 0
        let scale = ((block.max() ?? 0) - minimum) / Float(top)
        bytes.append(littleEndian: HalfPrecision.half(scale))
        bytes.append(littleEndian: HalfPrecision.half(minimum))
        let quants = block.map { steps($0 - minimum, of: scale, in: 0...top) }
        appendQuants(quants, bits: bits, to: &bytes)
    }

    private func appendQuants(_ quants: [Int], bits: Int, to bytes: inout [UInt8]) {
        if bits == 5 {
            let high = quants.indices.reduce(0) { $0 | UInt32(quants[$1] >> 4) << UInt32($1) }
            bytes.append(littleEndian: high)
        }
        for j in 0..<16 { bytes.append(UInt8(quants[j] & 15 | (quants[j + 16] & 15) << 4)) }
    }

    /// How many steps a value is, rounded to nearest and kept in range; 0 if that is no number.
    private func steps(_ value: Float, of step: Float, in range: ClosedRange<Int>) -> Int {
        let quotient = (value / step).rounded()
        guard quotient.isFinite else { return range.clamp(0) }
        return range.clamp(Int(max(-1e6, min(1e6, quotient))))
    }
}

extension ClosedRange<Int> {
    fileprivate func clamp(_ value: Int) -> Int {
        Swift.max(lowerBound, Swift.min(upperBound, value))
    }
}

extension [UInt8] {
    fileprivate mutating func append(littleEndian value: some FixedWidthInteger) {
        for byte in 0..<(value.bitWidth / 8) {
            append(UInt8(truncatingIfNeeded: value >> (8 * byte)))
        }
    }
}
