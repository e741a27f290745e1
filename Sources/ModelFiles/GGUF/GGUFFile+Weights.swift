public import Tensors

extension GGUFFile {
    /// A tensor as a matrix of weights, left where it is in the file.
    ///
    /// - Parameters:
    ///   - name: The tensor's name.
    ///   - rows: The outputs that are expected.
    ///   - columns: The inputs that are expected: the length of a row.
    /// - Throws: `missingTensor`, `wrongShape`, or `unsupportedFormat` for a format without
    ///   kernels.
    /// - Complexity: O(1) for a mapped file; O(bytes of the tensor) for one in memory.
    public func weights(
        _ name: String, rows: Int, columns: Int
    ) throws(ModelFileError) -> WeightMatrix {
        let (tensor, format) = try supported(name)
        let part = parts[tensor.fileIndex]
        guard tensor.columns == columns, tensor.rows == rows else {
            throw ModelFileError(
                .wrongShape, path: part.path, at: .tensor(name),
                "has \(tensor.rows) rows of \(tensor.columns), expected \(rows) of \(columns)")
        }
        return try asModelFileError(part.path, at: .tensor(name)) { () throws(TensorError) in
            switch part.storage {
            case .mapped(let file):
                try WeightMatrix(
                    format: format, rows: rows, columns: columns, file: file,
                    offset: tensor.offset)
            case .memory(let bytes):
                try WeightMatrix(
                    format: format, rows: rows, columns: columns,
                    bytes: Array(bytes[tensor.offset..<tensor.offset + tensor.byteCount]))
            }
        }
    }

    /// A tensor's values as floats, row after row, whatever its format.
    ///
    /// - Throws: `missingTensor`, or `unsupportedFormat` for a format without kernels.
    /// - Complexity: O(values): for norms and biases, which are small.
    public func floats(_ name: String) throws(ModelFileError) -> [Float] {
        let (tensor, _) = try supported(name)
        let matrix = try weights(name, rows: tensor.rows, columns: tensor.columns)
        var values: [Float] = []
        values.reserveCapacity(tensor.elementCount)
        var row = [Float](repeating: 0, count: tensor.columns)
        for index in 0..<tensor.rows {
            var span = row.mutableSpan
            matrix.dequantize(row: index, into: &span)
            values += row
        }
        return values
    }

    private func supported(
        _ name: String
    ) throws(ModelFileError) -> (tensor: GGUFTensor, format: TensorFormat) {
        guard let tensor = tensor(named: name) else {
            throw ModelFileError(.missingTensor, path: path, at: .tensor(name), "is not there")
        }
        guard let format = tensor.format else {
            throw ModelFileError(
                .unsupportedFormat, path: parts[tensor.fileIndex].path, at: .tensor(name),
                "is of the format \(tensor.formatName), which is not supported; supported are "
                    + TensorFormat.supported.map(\.name).joined(separator: ", "))
        }
        return (tensor, format)
    }
}
