/// An operation of a forward pass on rows of floats: what is tested at every level and measured.
package enum RowOperation: String, CaseIterable, Sendable {
    /// Root mean square normalisation.
    case rmsNorm = "rms_norm"
    /// Layer normalisation, with a bias.
    case layerNorm = "layer_norm"
    /// Turning heads of 64 by their positions.
    case rope
    /// silu(gate) * up
    case silu = "silu_multiply"
    /// gelu(gate) * up, approximated by tanh
    case gelu = "gelu_multiply"
    /// The same by erf.
    case geluExact = "gelu_exact_multiply"
    /// Adding to the residual stream.
    case add
    /// Rounding to int8.
    case quantize
    /// The likeliest entry of a row of logits.
    case argmax
    /// The logarithm of the sum of exponentials of a row of logits.
    case logSumExp = "log_sum_exp"
    /// Gemma's soft cap.
    case softCap = "soft_cap"

    /// Bytes that an element costs: read and written.
    package var bytesPerElement: Double {
        switch self {
        case .rmsNorm, .layerNorm, .rope, .softCap: 8
        case .silu, .gelu, .geluExact, .add: 12
        case .quantize: 5.5
        case .argmax, .logSumExp: 4
        }
    }

    /// Whether it runs over a vocabulary rather than a layer's width.
    package var isOfLogits: Bool { self == .argmax || self == .logSumExp || self == .softCap }
}

/// The buffers of row operations, and the operations on them.
package struct RowOperationBench {
    private let compute: Compute
    private let rows: Range<Int>
    private let x: FloatMatrix
    private let y: FloatMatrix
    private let out: FloatMatrix
    private let weight: [Float]
    private let layerNorm: Norm
    private let quantized: QuantizedActivations
    private let rotary: RotaryTable

    /// Rows of drawn numbers; `columns` is a multiple of 64. Throws `outOfMemory`.
    package init(compute: Compute, rows: Int, columns: Int) throws(TensorError) {
        precondition(columns % 64 == 0)
        self.compute = compute
        self.rows = 0..<rows
        x = try FloatMatrix(rows: rows, columns: columns)
        y = try FloatMatrix(rows: rows, columns: columns)
        out = try FloatMatrix(rows: rows, columns: columns)
        quantized = try QuantizedActivations(rows: rows, columns: columns)
        rotary = try RotaryTable(
            rows: rows, inverseFrequencies: (0..<32).map { 1 / Double($0 + 1) }, magnitude: 1)
        rotary.fill(positions: (0..<rows).map { Int32($0) })
        weight = (0..<columns).map { Float($0 % 7) / 7 + 0.5 }
        layerNorm = Norm(.layer, weight: weight, bias: weight, epsilon: 1e-5)
        for row in 0..<rows {
            for matrix in [x, y] {
                matrix.withMutableRow(row) { floats in
                    for i in floats.indices { floats[i] = Float((i * 37 + row) % 101) / 50 - 1 }
                }
            }
        }
    }

    /// Runs an operation once over all rows.
    package func run(_ operation: RowOperation) {
        let columns = x.columns
        switch operation {
        case .rmsNorm: compute.rmsNorm(x, weight: weight, epsilon: 1e-6, rows: rows, into: out)
        case .layerNorm:
            compute.normalize(x, by: layerNorm, rows: rows, into: out)
        case .rope:
            compute.rope(
                x, heads: columns / 64, headDim: 64, rows: rows, table: rotary, style: .neox)
        case .silu: compute.gateMultiply(x, y, by: .silu, width: columns, rows: rows, into: out)
        case .gelu: compute.gateMultiply(x, y, by: .gelu, width: columns, rows: rows, into: out)
        case .geluExact:
            compute.gateMultiply(x, y, by: .geluExact, width: columns, rows: rows, into: out)
        case .add: compute.add(x, y, rows: rows, into: out)
        case .quantize: compute.quantize(x, rows: rows, into: quantized)
        case .argmax: for row in rows { _ = compute.argmax(x.row(row)) }
        case .logSumExp: for row in rows { _ = compute.logSumExp(x.row(row)) }
        case .softCap: compute.softCap(x, cap: 30, rows: rows)
        }
    }

    /// Whether what an operation left behind is finite, as all its inputs are.
    package func isFinite() -> Bool {
        rows.allSatisfy { row in
            let (x, out) = (x.row(row), out.row(row))
            return x.indices.allSatisfy { x[$0].isFinite && out[$0].isFinite }
        }
    }
}
