import Tensors

extension LayerReader {
    /// What projects the stream in latent attention: to queries, at once or compressed, and to
    /// latent vectors.
    func latentProjections(_ latent: LatentShape) throws(ModelError) -> [Projection] {
        let query: WeightMatrix
        if let rank = latent.queryRank {
            query = try matrix(.compressedQuery, rank, width)
        } else {
            query = try matrix(.query, shape.headCount * latent.projected, width)
        }
        return [
            Projection(weight: query, bias: []),
            Projection(weight: try matrix(.latent, latent.kept, width), bias: []),
        ]
    }

    /// The other weights of latent attention.
    func latentWeights(_ latent: LatentShape) throws(ModelError) -> LatentWeights {
        let heads = shape.headCount
        let queryNorm = try latent.queryRank.map { rank throws(ModelError) in
            try reader.norm(name(.compressedQueryNorm), count: rank, latentRule)
        }
        let expanded = try latent.queryRank.map { rank throws(ModelError) in
            try matrix(.expandedQuery, heads * latent.projected, rank)
        }
        let norm = try reader.norm(name(.latentNorm), count: latent.rank, latentRule)
        if !has(.latentKeys), has(.latentKeysAndValues) {
            let (keys, values) = try splitKeysAndValues(latent)
            return LatentWeights(
                queryNorm: queryNorm, expandedQuery: expanded, norm: norm, keys: keys,
                values: values, copiedBytes: keys.reduce(0) { $0 + $1.byteCount })
        }
        return LatentWeights(
            queryNorm: queryNorm, expandedQuery: expanded, norm: norm,
            keys: try reader.experts(
                weight(.latentKeys), count: heads, outputs: latent.rank, inputs: latent.plain),
            values: try reader.experts(
                weight(.latentValues), count: heads, outputs: latent.value, inputs: latent.rank))
    }

    /// The reference norms latent vectors by an ε of its own, whatever that of the model is.
    private var latentRule: NormRule { NormRule(kind: rule.kind, epsilon: 1e-6) }

    /// Each head's keys, transposed, and values, from the one tensor of older files.
    ///
    /// A transpose has other runs of values than the file has scales for: it is rounded again, to 8
    /// bits with a scale for 32, or kept as floats where the file has those.
    private func splitKeysAndValues(
        _ latent: LatentShape
    ) throws(ModelError) -> (keys: [WeightMatrix], values: [WeightMatrix]) {
        let (heads, perHead) = (shape.headCount, latent.plain + latent.value)
        let both = try matrix(.latentKeysAndValues, heads * perHead, latent.rank)
        let isWhole = latent.plain.isMultiple(of: TensorFormat.q8_0.blockSize)
        let format: TensorFormat = both.format.isFloat ? both.format : isWhole ? .q8_0 : .f32
        var (keys, values): ([WeightMatrix], [WeightMatrix]) = ([], [])
        for head in 0..<heads {
            let first = head * perHead
            keys.append(
                try transposed(both.rows(first..<first + latent.plain), as: format))
            values.append(both.rows(first + latent.plain..<first + perHead))
        }
        return (keys, values)
    }

    private func transposed(
        _ matrix: WeightMatrix, as format: TensorFormat
    ) throws(ModelError) -> WeightMatrix {
        var turned = [Float](repeating: 0, count: matrix.rows * matrix.columns)
        var row = [Float](repeating: 0, count: matrix.columns)
        for index in 0..<matrix.rows {
            var span = row.mutableSpan
            matrix.dequantize(row: index, into: &span)
            for column in 0..<matrix.columns { turned[column * matrix.rows + index] = row[column] }
        }
        guard let bytes = format.quantize(turned) else {
            preconditionFailure("\(format) is written in whole blocks")
        }
        do {
            return try WeightMatrix(
                format: format, rows: matrix.columns, columns: matrix.rows, bytes: bytes)
        } catch {
            throw ModelError(.outOfMemory, subject: weight(.latentKeysAndValues), error.message)
        }
    }
}
