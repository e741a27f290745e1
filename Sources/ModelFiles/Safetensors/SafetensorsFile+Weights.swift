package import Tensors

extension SafetensorsFile {
    /// Some rows of a tensor as a matrix of weights, in the file's own format and in place.
    ///
    /// - Parameters:
    ///   - tensor: one of `tensors`; all sizes but its last are its rows.
    ///   - rows: which of them; nil for all.
    /// - Throws: `unsupportedFormat` with the list of those that are supported.
    /// - Complexity: O(1) for a file; a copy of the bytes for a model in memory.
    package func weights(
        _ tensor: SafetensorsTensor, rows: Range<Int>? = nil
    ) throws(ModelFileError) -> WeightMatrix {
        let part = parts[tensor.fileIndex]
        guard let format = tensor.format else {
            throw ModelFileError(
                .unsupportedFormat, path: part.path, at: .tensor(tensor.name),
                "is stored as \(tensor.typeName), which is not read here; take a model in BF16,"
                    + " F16 or F32")
        }
        let columns = tensor.dimensions[0]
        let all = tensor.dimensions.dropFirst().reduce(1, *)
        let rows = rows ?? 0..<all
        precondition(rows.lowerBound >= 0 && rows.upperBound <= all, "rows beyond the tensor")
        let rowBytes = all == 0 ? 0 : tensor.byteCount / all
        let start = tensor.range.lowerBound + rows.lowerBound * rowBytes
        return try part.matrix(
            format, rows: rows.count, columns: columns, at: start..<start + rows.count * rowBytes,
            tensor: tensor.name)
    }

    /// The values of a tensor as floats, row after row. Throws as `weights`. O(count).
    package func floats(_ tensor: SafetensorsTensor) throws(ModelFileError) -> [Float] {
        let matrix = try weights(tensor)
        var values: [Float] = []
        // A tensor without numbers is no bound on its other sizes.
        guard tensor.elementCount > 0 else { return values }
        values.reserveCapacity(matrix.rows * matrix.columns)
        var row = [Float](repeating: 0, count: matrix.columns)
        for index in 0..<matrix.rows {
            var span = row.mutableSpan
            matrix.dequantize(row: index, into: &span)
            values += row
        }
        return values
    }
}
