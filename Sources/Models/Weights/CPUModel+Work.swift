import Tensors

extension CPUModel {
    /// Weights of the layers' matrices: every token is multiplied by each of them.
    package var layerParameters: Int {
        let matrices = [layerInputs?.projection].compactMap(\.self) + layers.flatMap(\.matrices)
        return matrices.reduce(0) { $0 + $1.rows * $1.columns }
    }

    /// Weights of the output matrix: every token whose logits are wanted is multiplied by each.
    package var outputParameters: Int { output.rows * output.columns }

    /// The formats of the matrices, those with the most bytes first, such as
    /// `Q5_0 65 %, Q8_0 30 %, Q6_K 5 %`.
    package var formatSummary: String {
        var bytes: [String: Int] = [:]
        for matrix in layers.flatMap(\.matrices) + [output] {
            bytes[matrix.format.name, default: 0] += matrix.byteCount
        }
        let all = bytes.values.reduce(0, +)
        let order = bytes.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        return order.map { "\($0.key) \((100 * $0.value + all / 2) / max(all, 1)) %" }
            .joined(separator: ", ")
    }
}
