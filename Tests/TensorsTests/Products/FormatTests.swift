import CKernels
import TestSupport
import Testing

@testable import Tensors

struct FormatTests {
    @Test func `sizes are those of the format tables`() {
        #expect(TensorFormat.q5_0.name == "Q5_0")
        #expect(TensorFormat.q6_K.rowBytes(columns: 512) == 420)
        #expect(TensorFormat.q8_0.rowBytes(columns: 640) == 680)
        #expect(TensorFormat.q4_K.rowBytes(columns: 640) == nil)
        #expect(TensorFormat.f32.rowBytes(columns: .max) == nil)
        #expect(TensorFormat.q8_0.rowBytes(columns: -32) == nil)
        let unknown = TensorFormat(rawValue: 99)
        #expect(!unknown.isSupported && unknown.rowBytes(columns: 32) == nil)
        #expect("\(unknown)" == "type 99")
    }

    /// A format that only one of the tables has would be tested by nothing.
    @Test(arguments: ISALevel.subsets)
    func `the kernels have the formats of the table`(level: ISALevel) throws {
        let table = try #require(KernelTable(level))
        for id in 0..<UInt32(QK_FORMATS) {
            let format = TensorFormat(rawValue: id)
            let decodes = unsafe qk_format_of(table.c, id) != nil
            let packs = unsafe qk_panels_of(table.c, id) != nil
            #expect(
                decodes == format.isSupported,
                "\(format) is \(decodes ? "only" : "not") in formats/list.h of CKernels")
            #expect(packs == (decodes && !format.isFloat), "\(format)")
        }
    }

    @Test(arguments: TensorFormat.supported)
    func `every level decodes as the plain definition does`(format: TensorFormat) throws {
        var generator = SeededGenerator(seed: UInt64(format.rawValue))
        for columns in [format.blockSize, 8 * format.blockSize, 2048, 288, 5] {
            guard format.rowBytes(columns: columns) != nil else { continue }
            let bytes = RandomWeights.bytes(format, count: 3 * columns, using: &generator)
            let expected = ReferenceDecoder.decode(bytes, format)
            for level in ISALevel.subsets {
                let decoded = try decode(bytes, format, columns: columns, level)
                #expect(decoded.numbers == expected.numbers, "\(level) \(columns)")
            }
        }
    }

    @Test(arguments: TensorFormat.supported.filter { !$0.isFloat })
    func `every bit pattern decodes as the plain definition does`(format: TensorFormat) throws {
        var generator = SeededGenerator(seed: 7)
        // Scales of all kinds: subnormal, infinite, NaN.
        let bytes = (0..<(64 * format.blockBytes)).map { _ in
            UInt8.random(in: 0...255, using: &generator)
        }
        let expected = ReferenceDecoder.decode(bytes, format)
        for level in ISALevel.subsets {
            let decoded = try decode(bytes, format, columns: expected.count, level)
            #expect(decoded.numbers == expected.numbers, "\(level)")
        }
    }

    @Test func `halves and brain floats round to nearest, ties to even`() {
        for bits in UInt16.min...UInt16.max {
            let value = HalfPrecision.float(bits)
            if value.isNaN { continue }
            #expect(HalfPrecision.half(value) == bits)
        }
        #expect(HalfPrecision.half(1 + 0x1p-11) == 0x3C00)
        #expect(HalfPrecision.half(1 + 0x3p-11) == 0x3C02)
        #expect(HalfPrecision.half(65520) == 0x7C00)
        #expect(HalfPrecision.half(0x1p-25) == 0)
        #expect(HalfPrecision.float(HalfPrecision.half(.nan)).isNaN)
        #expect(HalfPrecision.brain(1 + 0x1p-8) == 0x3F80)
        #expect(HalfPrecision.brain(1 + 0x3p-8) == 0x3F82)
    }

    @Test(arguments: TensorFormat.writable)
    func `what is quantised comes back within half a step`(format: TensorFormat) throws {
        var generator = SeededGenerator(seed: 3)
        let values = (0..<256).map { _ in Float.random(in: -1...1, using: &generator) }
        let bytes = try #require(format.quantize(values))
        let back = ReferenceDecoder.decode(bytes, format)
        // The step of the worst format, 4 bits over -1...1, and the half scale's own error.
        let step: [TensorFormat: Float] = [
            .f32: 0, .f16: 0x1p-11, .bf16: 0x1p-8, .q8_0: 1 / 127, .q5_0: 1 / 15, .q5_1: 2 / 31,
            .q4_0: 1 / 7, .q4_1: 2 / 15,
            // The steps of a block's runs are integers in turn, of 6 or 8 bits.
            .q4_K: 2.3 / 15, .q5_K: 2.3 / 31, .q6_K: 1.1 / 31,
        ]
        for (value, returned) in zip(values, back) {
            #expect((value - returned).magnitude <= step[format, default: 0] * 1.01)
        }
        #expect(TensorFormat.q3_K.quantize(values) == nil)
    }

    @Test(arguments: TensorFormat.writable)
    func `zeros stay zeros`(format: TensorFormat) throws {
        let bytes = try #require(format.quantize([Float](repeating: 0, count: 256)))
        #expect(ReferenceDecoder.decode(bytes, format).allSatisfy { $0 == 0 })
    }

    private func decode(
        _ bytes: [UInt8], _ format: TensorFormat, columns: Int, _ level: ISALevel
    ) throws -> [Float] {
        let rows = bytes.count / (columns / format.blockSize * format.blockBytes)
        let matrix = try WeightMatrix(format: format, rows: rows, columns: columns, bytes: bytes)
        var decoded: [Float] = []
        for row in 0..<rows {
            var floats = [Float](repeating: -1, count: columns)
            var span = floats.mutableSpan
            try matrix.dequantize(row: row, into: &span, table: #require(KernelTable(level)))
            decoded += floats
        }
        return decoded
    }
}
