package import Tensors

/// Random activations in -1...1, with one large value in each row as real models have.
package func randomActivations(
    rows: Int, columns: Int, using generator: inout SeededGenerator
) throws -> FloatMatrix {
    let matrix = try FloatMatrix(rows: rows, columns: columns)
    for row in 0..<rows {
        matrix.withMutableRow(row) { values in
            for i in values.indices { values[i] = Float.random(in: -1...1, using: &generator) }
            values[Int.random(in: 0..<columns, using: &generator)] = 9
        }
    }
    return matrix
}
