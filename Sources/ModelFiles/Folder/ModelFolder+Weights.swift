package import Tensors

extension ModelFolder {
    /// A matrix in its own format and in place.
    package func weights(
        _ name: String, rows: Int, columns: Int
    ) throws(ModelFileError) -> WeightMatrix {
        let tensor = try required(name)
        let expected = rows == 1 ? [columns] : [columns, rows]
        guard tensor.hasShape(expected) else { throw wrongShape(name, tensor, expected) }
        return try weights.weights(tensor)
    }

    /// The values of a tensor of one dimension, as the architecture multiplies or adds them.
    package func floats(_ name: String, count: Int?) throws(ModelFileError) -> [Float] {
        if let values = tensors.derived(name) {
            guard values.count == count ?? values.count else {
                throw ModelFileError(
                    .wrongShape, path: path, at: .tensor(name),
                    "of config.json has \(values.count) numbers, expected \(count ?? 0)")
            }
            return values
        }
        let tensor = try required(name)
        let expected = [count ?? tensor.dimensions[0]]
        guard tensor.hasShape(expected) else { throw wrongShape(name, tensor, expected) }
        let offset = tensors.offset(of: name)
        return try weights.floats(tensor).map { $0 + offset }
    }

    private func required(_ name: String) throws(ModelFileError) -> SafetensorsTensor {
        guard let tensor = tensors.tensor(name) else {
            throw ModelFileError(
                .missingTensor, path: path, at: .tensor(name),
                "is missing; the model is incomplete or not of this architecture")
        }
        return tensor
    }

    private func wrongShape(
        _ name: String, _ tensor: SafetensorsTensor, _ expected: [Int]
    ) -> ModelFileError {
        ModelFileError(
            .wrongShape, path: path, at: .tensor(tensor.name),
            "has the shape \(tensor.shape), expected \(Array(expected.reversed())) by config.json")
    }
}

extension SafetensorsTensor {
    /// Whether the dimensions are these, not counting further ones of 1.
    func hasShape(_ expected: [Int]) -> Bool {
        dimensions.starts(with: expected)
            && dimensions.dropFirst(expected.count).allSatisfy { $0 == 1 }
    }
}
