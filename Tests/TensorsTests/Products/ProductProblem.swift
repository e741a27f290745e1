import TestSupport

@testable import Tensors

/// A product to check: random weights and activations.
struct Problem {
    let test: ProductCase
    let bytes: [UInt8]
    let matrix: WeightMatrix
    let weights: [Float]
    let x: FloatMatrix

    init(
        _ test: ProductCase, bytes: [UInt8]? = nil, using generator: inout SeededGenerator
    ) throws {
        self.test = test
        let bytes =
            bytes
            ?? RandomWeights.bytes(
                test.format, count: test.outputs * test.columns, using: &generator)
        matrix = try WeightMatrix(
            format: test.format, rows: test.outputs, columns: test.columns, bytes: bytes)
        self.bytes = bytes
        weights = ReferenceDecoder.decode(bytes, test.format)
        x = try randomActivations(rows: test.rows, columns: test.columns, using: &generator)
    }

    func quantized(
        by compute: Compute, _ refinement: Refinement = .none
    ) throws -> QuantizedActivations {
        let activations = try QuantizedActivations(
            rows: test.rows, columns: test.columns, refinement: refinement)
        compute.quantize(x, rows: 0..<test.rows, into: activations)
        return activations
    }

    /// One kind of refinement after the other.
    static func refinement(_ seed: Int) -> Refinement {
        [.none, .outliers(above: 3), .all][seed % 3]
    }

    /// The product with floats, by kernels.
    func floatProduct(_ compute: Compute) throws -> FloatMatrix {
        let out = try FloatMatrix(rows: test.rows, columns: test.outputs)
        out.poison()
        compute.multiply(matrix, x, rows: 0..<test.rows, into: out)
        return out
    }

    /// The product with bytes, by kernels.
    func byteProduct(_ compute: Compute, _ refinement: Refinement) throws -> FloatMatrix {
        let out = try FloatMatrix(rows: test.rows, columns: test.outputs)
        out.poison()
        compute.multiply(
            try matrix.packed(for: compute), try quantized(by: compute, refinement),
            rows: 0..<test.rows, into: out)
        return out
    }

    /// The dot products of every row of activations with every row of weights.
    func products(_ activations: [[Float]]) -> [[Product]] {
        let rows = (0..<test.outputs).map { o in
            Array(weights[(o * test.columns)..<((o + 1) * test.columns)])
        }
        return activations.map { a in rows.map { ReferenceDecoder.dot($0, a) } }
    }
}

extension WeightMatrix {
    /// As products with bytes want it.
    func packed(for compute: Compute) throws -> WeightMatrix {
        guard let bytes = packedByteCount else { return self }
        return packed(into: try PanelMemory(count: bytes), at: 0, by: compute)
    }
}

extension FloatMatrix {
    /// What a kernel does not write is then seen.
    func poison() {
        for row in 0..<rows {
            withMutableRow(row) { for i in $0.indices { $0[i] = .nan } }
        }
    }
}

typealias Product = (sum: Double, magnitude: Double)

extension Span<Float> {
    var array: [Float] { indices.map { self[$0] } }
}
