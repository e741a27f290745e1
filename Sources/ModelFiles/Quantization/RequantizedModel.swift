package import Tensors

/// A model whose matrices are rounded to other formats than its files have, each row when it is
/// asked for. All else is as in the files.
package final class RequantizedModel: ModelDescription {
    /// What it is made of.
    package let base: any ModelDescription
    /// What its matrices are rounded to.
    package let quantization: Quantization

    private let formats: [String: TensorFormat]
    /// Matrices that have lost something already, and lose more.
    private let roundedBefore: Int

    /// A model with other formats; nothing is read.
    package init(_ base: any ModelDescription, _ quantization: Quantization) {
        self.base = base
        self.quantization = quantization
        let mix = QuantizationMix(quantization, of: base)
        var formats: [String: TensorFormat] = [:]
        var roundedBefore = 0
        for name in base.tensorNames {
            guard let tensor = base.description(ofTensor: name), tensor.format != nil else {
                continue
            }
            guard let format = mix.format(of: name, tensor.dimensions) else { continue }
            formats[name] = format
            if tensor.format?.isFloat == false, tensor.format != format { roundedBefore += 1 }
        }
        self.formats = formats
        self.roundedBefore = roundedBefore
    }

    /// The path of the files' model.
    package var path: String { base.path }
    /// The files.
    package var paths: [String] { base.paths }
    /// As the files have it.
    package var tokenizer: TokenizerDescription { base.tokenizer }
    /// As the files have them.
    package func chatTemplates() throws(ModelFileError) -> [String: String] {
        try base.chatTemplates()
    }
    /// Those of the files' reader, and that weights are rounded twice.
    package var warnings: [String] {
        guard roundedBefore > 0 else { return base.warnings }
        return base.warnings + [
            "\(roundedBefore) matrices are rounded already and are rounded again, which is less"
                + " exact than rounding the model as it was trained"
        ]
    }
    /// As the files have them.
    package var parameterKeys: [String] { base.parameterKeys }
    /// As the files have it.
    package func parameter(_ key: String) -> GGUFValue? { base.parameter(key) }
    /// As the files have them.
    package var tensorNames: [String] { base.tensorNames }
    /// Bytes of the files.
    package var byteCount: Int { base.byteCount }

    /// What a tensor is after it was rounded.
    package func description(ofTensor name: String) -> TensorDescription? {
        guard let tensor = base.description(ofTensor: name), let format = formats[name] else {
            return base.description(ofTensor: name)
        }
        let rows = tensor.dimensions.dropFirst().reduce(1, *)
        guard let rowBytes = format.rowBytes(columns: tensor.dimensions[0]) else { return tensor }
        return TensorDescription(
            dimensions: tensor.dimensions, format: format, formatName: format.name,
            byteCount: rows * rowBytes)
    }

    /// A matrix in its new format.
    package func weights(
        _ name: String, rows: Int, columns: Int
    ) throws(ModelFileError) -> WeightMatrix {
        try rounded(try base.weights(name, rows: rows, columns: columns), name)
    }

    /// The matrices of experts in their new format.
    package func experts(
        _ name: String, count: Int, rows: Int, columns: Int
    ) throws(ModelFileError) -> [WeightMatrix] {
        var all: [WeightMatrix] = []
        for matrix in try base.experts(name, count: count, rows: rows, columns: columns) {
            all.append(try rounded(matrix, name))
        }
        return all
    }

    private func rounded(
        _ matrix: WeightMatrix, _ name: String
    ) throws(ModelFileError) -> WeightMatrix {
        guard let format = formats[name] else { return matrix }
        return try asModelFileError(path, at: .tensor(name)) { () throws(TensorError) in
            try matrix.rounded(to: format)
        }
    }

    /// As the files have them.
    package func floats(_ name: String, count: Int?) throws(ModelFileError) -> [Float] {
        try base.floats(name, count: count)
    }

    package func readsHereAndThere(_ isSo: Bool) { base.readsHereAndThere(isSo) }

    /// That of the files and of the mix.
    package func identity() throws(ModelFileError) -> UInt64 {
        Checksum64.of(Array(quantization.rawValue.utf8), seed: try base.identity())
    }

    /// That of the files and of the mix.
    package func revision() throws(ModelFileError) -> UInt64 {
        Checksum64.of(Array(quantization.rawValue.utf8), seed: try base.revision())
    }
}
