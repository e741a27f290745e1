import TestSupport
import Testing

@testable import Tensors

/// Weights rounded to the formats of files.
struct QuantizerTests {
    /// As trained weights are: mostly small, some large, a scale for each row.
    private func weights(_ count: Int, seed: UInt64) -> [Float] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).map { index in
            // The sum of twelve is nearly normal.
            let normal = (0..<12).reduce(Float(-6)) { sum, _ in
                sum + Float.random(in: 0...1, using: &generator)
            }
            let isLarge = Int.random(in: 0..<200, using: &generator) == 0
            return normal * 0.02 * Float(1 + index / 256 % 5) * (isLarge ? 4 : 1)
        }
    }

    /// The root of the mean squared error as a share of that of the weights.
    private func error(_ format: TensorFormat, _ values: [Float]) throws -> Double {
        let back = ReferenceDecoder.decode(try #require(format.quantize(values)), format)
        var (errors, squares) = (0.0, 0.0)
        for (value, returned) in zip(values, back) {
            errors += Double(value - returned) * Double(value - returned)
            squares += Double(value) * Double(value)
        }
        return (errors / squares).squareRoot()
    }

    /// What llama.cpp's own quantizers leave of weights that are drawn alike, and 2 % for the draw.
    @Test(arguments: [
        (TensorFormat.q8_0, 0.00603), (.q6_K, 0.0195), (.q5_K, 0.0387), (.q4_K, 0.0765),
        (.q5_0, 0.0481), (.q4_0, 0.0968), (.q5_1, 0.0403), (.q4_1, 0.0832),
    ])
    func `weights come back as exactly as from llama.cpp's quantizers`(
        format: TensorFormat, bound: Double
    ) throws {
        let found = try error(format, weights(256 * 200, seed: 7))
        #expect(found < bound, "\(format): \(found)")
    }

    @Test(arguments: [TensorFormat.q4_K, .q5_K, .q6_K, .q8_0])
    func `the search beats plain rounding to the step of the largest weight`(
        format: TensorFormat
    ) throws {
        let values = weights(256 * 50, seed: 3)
        let size = format.run
        let top: [TensorFormat: Float] = [.q4_K: 15, .q5_K: 31, .q6_K: 62, .q8_0: 254]
        var (errors, squares) = (0.0, 0.0)
        for start in stride(from: 0, to: values.count, by: size) {
            let run = values[start..<start + size]
            let isCentred = format == .q6_K || format == .q8_0
            let peak = run.map(\.magnitude).max() ?? 0
            let low = isCentred ? -peak : min(run.min() ?? 0, 0)
            let high = isCentred ? peak : run.max() ?? 0
            let step = (high - low) / (top[format] ?? 1)
            for value in run {
                let back = ((value - low) / step).rounded() * step + low
                errors += Double(value - back) * Double(value - back)
                squares += Double(value) * Double(value)
            }
        }
        let plain = (errors / squares).squareRoot()
        // Steps that are integers in turn cost a little, which the search must make up for.
        let found = try error(format, values)
        #expect(found < plain * (format == .q8_0 ? 1.01 : 1), "\(found) against \(plain)")
    }

    @Test(arguments: TensorFormat.writable)
    func `runs of equal, of tiny and of no weights stay what they are`(
        format: TensorFormat
    ) throws {
        for value: Float in [0, 1, -1, 0.03, 1e-3, -250] {
            let bytes = try #require(format.quantize([Float](repeating: value, count: 512)))
            for back in ReferenceDecoder.decode(bytes, format) {
                #expect((back - value).magnitude <= value.magnitude * 0.03, "\(value): \(back)")
            }
        }
        let tiny = try #require(format.quantize([Float](repeating: 1e-30, count: 256)))
        #expect(ReferenceDecoder.decode(tiny, format).allSatisfy { $0.magnitude <= 1e-6 })
        var spoiled = weights(1024, seed: 9)
        spoiled[300] = .nan
        spoiled[301] = .infinity
        let bytes = try #require(format.quantize(spoiled))
        let whole = try #require(format.quantize(weights(1024, seed: 9)))
        // The blocks before and after theirs.
        let first = 256 / format.blockSize * format.blockBytes
        #expect(bytes.prefix(first) == whole.prefix(first))
        #expect(bytes.suffix(2 * first) == whole.suffix(2 * first))
    }

    @Test(arguments: [TensorFormat.q4_0, .q4_1, .q5_0, .q5_1, .q8_0])
    func `a block of 32 is rounded to nearest with the step of its range`(
        format: TensorFormat
    ) throws {
        let values = weights(32 * 20, seed: 11)
        let back = ReferenceDecoder.weights(try #require(format.quantize(values)), format)
        let hasMinimum = format == .q4_1 || format == .q5_1
        let steps: [TensorFormat: Float] = [.q4_0: 8, .q4_1: 15, .q5_0: 16, .q5_1: 31, .q8_0: 127]
        for start in stride(from: 0, to: values.count, by: 32) {
            let run = values[start..<start + 32]
            let (low, high) = (run.min() ?? 0, run.max() ?? 0)
            let range = hasMinimum ? high - low : max(high, -low)
            let step = back[start].scale.magnitude
            #expect((step - range / (steps[format] ?? 1)).magnitude <= step * 0x1p-10)
            for index in run.indices {
                // The end with one integer less is cut off by a step at most.
                let error = (values[index] - back[index].value).magnitude
                #expect(error <= step * (hasMinimum || format == .q8_0 ? 0.51 : 1.01))
            }
        }
    }

    @Test(arguments: [TensorFormat.q4_K, .q6_K, .q8_0, .q5_0, .bf16])
    func `a matrix rounded on demand is the one that was rounded before`(
        format: TensorFormat
    ) throws {
        let (rows, columns) = (37, 512)
        let values = weights(rows * columns, seed: 5)
        let source = try WeightMatrix(
            format: .f32, rows: rows, columns: columns,
            bytes: try #require(TensorFormat.f32.quantize(values)))
        let bytes = try #require(format.quantize(values))
        let before = try WeightMatrix(format: format, rows: rows, columns: columns, bytes: bytes)
        let onDemand = try source.rounded(to: format)
        let pool = WorkerPool(threads: 2)
        #expect(onDemand.isRoundedOnDemand && onDemand.byteCount == bytes.count)
        #expect(onDemand.bytes(ofRows: 0..<rows, by: pool) == bytes)
        let made = try onDemand.made(by: pool)
        #expect(!made.isRoundedOnDemand && made.bytes(ofRows: 0..<rows, by: pool) == bytes)
        let part = onDemand.rows(5..<9)
        #expect(
            part.bytes(ofRows: 1..<3, by: pool)
                == Array(bytes[6 * before.rowBytes..<8 * before.rowBytes]))
        for row in [0, rows - 1] {
            var (one, other) = (
                [Float](repeating: 0, count: columns), [Float](repeating: 1, count: columns)
            )
            var span = one.mutableSpan
            onDemand.dequantize(row: row, into: &span)
            var otherSpan = other.mutableSpan
            before.dequantize(row: row, into: &otherSpan)
            #expect(one == other)
        }
        try expectSameProducts(onDemand, before)
    }

    /// Packing reads a matrix in its own way, row by row.
    private func expectSameProducts(_ one: WeightMatrix, _ other: WeightMatrix) throws {
        guard one.packedByteCount != nil else { return }
        let compute = Compute(pool: WorkerPool(threads: 2))
        var generator = SeededGenerator(seed: 2)
        let x = try randomActivations(rows: 3, columns: one.columns, using: &generator)
        let activations = try QuantizedActivations(rows: 3, columns: one.columns)
        compute.quantize(x, rows: 0..<3, into: activations)
        var products: [[[Float]]] = []
        for matrix in [one, other] {
            let out = try FloatMatrix(rows: 3, columns: matrix.rows)
            compute.multiply(
                try matrix.packed(for: compute), activations, rows: 0..<3, into: out)
            products.append((0..<3).map { out.row($0).array })
        }
        #expect(products[0] == products[1])
    }

    @Test func `rows that are no whole number of blocks are refused`() throws {
        let source = try WeightMatrix(
            format: .f32, rows: 2, columns: 96, bytes: [UInt8](repeating: 0, count: 768))
        #expect(throws: TensorError.self) { try source.rounded(to: .q4_K) }
        #expect(TensorFormat.q4_K.quantize([Float](repeating: 0, count: 96)) == nil)
        #expect(TensorFormat.iq4_nl.quantize([Float](repeating: 0, count: 96)) == nil)
    }
}
