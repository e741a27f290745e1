package import Tensors

extension GGUFFile {
    /// A tensor as a matrix of weights, in the file's own format and in place.
    ///
    /// - Parameters:
    ///   - name: the tensor's name.
    ///   - rows: the outputs that the model's metadata calls for.
    ///   - columns: the inputs; the tensor's dimensions must be `[columns, rows]`.
    /// - Throws: `missingTensor`, `wrongShape`, or `unsupportedFormat` with the list of those that
    ///   are supported.
    /// - Complexity: O(1) for a file; a copy of the bytes for a model in memory.
    package func weights(
        _ name: String, rows: Int, columns: Int
    ) throws(ModelFileError) -> WeightMatrix {
        let tensor = try requiredTensor(name)
        let expected = rows == 1 ? [columns] : [columns, rows]
        guard tensor.hasShape(expected) else { throw wrongShape(tensor, expected) }
        return try weights(tensor)
    }

    /// A tensor as a matrix, whatever its shape; all dimensions but the first are its rows.
    package func weights(_ tensor: GGUFTensor) throws(ModelFileError) -> WeightMatrix {
        let part = parts[tensor.fileIndex]
        guard let format = tensor.format else {
            throw ModelFileError(
                .unsupportedFormat, path: part.path, at: .tensor(tensor.name),
                "is stored as \(tensor.formatName), which has no kernels here; use a file in one"
                    + " of \(TensorFormat.supported.map(\.name).joined(separator: ", "))")
        }
        return try part.matrix(
            format, rows: tensor.rows, columns: tensor.columns, at: tensor.range,
            tensor: tensor.name)
    }

    /// The values of a tensor of one dimension, such as a norm's weights, as floats.
    ///
    /// - Parameter count: how many there must be; nil for any number.
    /// - Throws: as `weights`.
    /// - Complexity: O(count).
    package func floats(
        _ name: String, count: Int? = nil
    ) throws(ModelFileError) -> [Float] {
        let tensor = try requiredTensor(name)
        let count = count ?? tensor.columns
        guard tensor.hasShape([count]) else { throw wrongShape(tensor, [count]) }
        let matrix = try weights(tensor)
        var values = [Float](repeating: 0, count: count)
        var span = values.mutableSpan
        matrix.dequantize(row: 0, into: &span)
        return values
    }

    private func requiredTensor(_ name: String) throws(ModelFileError) -> GGUFTensor {
        guard let tensor = tensor(named: name) else {
            throw ModelFileError(
                .missingTensor, path: path, at: .tensor(name),
                "is missing; the file is incomplete or not of this architecture")
        }
        return tensor
    }

    private func wrongShape(_ tensor: GGUFTensor, _ expected: [Int]) -> ModelFileError {
        ModelFileError(
            .wrongShape, path: parts[tensor.fileIndex].path, at: .tensor(tensor.name),
            "has the shape \(tensor.dimensions), expected \(expected) by the model's metadata")
    }
}

extension GGUFTensor {
    /// Whether the dimensions are these, not counting further ones of 1.
    func hasShape(_ expected: [Int]) -> Bool {
        dimensions.starts(with: expected)
            && dimensions.dropFirst(expected.count).allSatisfy { $0 == 1 }
    }
}
