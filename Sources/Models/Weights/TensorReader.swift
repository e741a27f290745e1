import ModelFiles
import Tensors

/// Reads the tensors of a model, each checked against the shape that the configuration wants.
struct TensorReader {
    let source: any WeightSource
    /// Every tensor that was asked for.
    let log: ReadLog

    /// Whether the file has the tensor.
    func has(_ name: String) -> Bool { source.hasTensor(name) }

    /// A weight matrix [outputs, inputs], left where it is in the file.
    func matrix(_ name: String, outputs: Int, inputs: Int) throws(ModelError) -> WeightMatrix {
        try check(name, outputs == 1 ? [inputs] : [inputs, outputs])
        do {
            return try source.weights(name, rows: outputs, columns: inputs)
        } catch {
            throw ModelError(.invalidTensor, subject: name, error.message)
        }
    }

    /// The matrices of so many experts, [outputs, inputs] each; of one, a matrix.
    func experts(
        _ name: String, count: Int, outputs: Int, inputs: Int
    ) throws(ModelError) -> [WeightMatrix] {
        guard count > 1 else { return [try matrix(name, outputs: outputs, inputs: inputs)] }
        try check(name, [inputs, outputs, count])
        do {
            return try source.experts(name, count: count, rows: outputs, columns: inputs)
        } catch {
            throw ModelError(.invalidTensor, subject: name, error.message)
        }
    }

    /// A vector of `count` numbers, copied.
    func vector(_ name: String, count: Int) throws(ModelError) -> [Float] {
        try check(name, [count])
        do {
            return try source.floats(name, count: count)
        } catch {
            throw ModelError(.invalidTensor, subject: name, error.message)
        }
    }

    /// A norm of `count` values: `name` is the tensor's without `.weight`. Norms by mean and
    /// variance may have a bias.
    func norm(
        _ name: String, count: Int, _ rule: NormRule, needsBias: Bool = false
    ) throws(ModelError) -> Norm {
        guard rule.hasWeights else { return Norm(rule.kind, epsilon: rule.epsilon) }
        let bias = name + ".bias"
        let hasBias = rule.kind == .layer && (needsBias || has(bias))
        return Norm(
            rule.kind, weight: try vector(name + ".weight", count: count),
            bias: try vector(bias, count: count, if: hasBias), epsilon: rule.epsilon)
    }

    /// The rows of a small matrix one after another, as floats, copied.
    func rows(_ name: String, rows: Int, columns: Int) throws(ModelError) -> [Float] {
        let matrix = try matrix(name, outputs: rows, inputs: columns)
        var values: [Float] = []
        var one = [Float](repeating: 0, count: columns)
        for row in 0..<rows {
            var span = one.mutableSpan
            matrix.dequantize(row: row, into: &span)
            values += one
        }
        return values
    }

    /// The biases of so many experts, a row each, copied.
    func biases(
        _ name: String, experts: Int, count: Int
    ) throws(ModelError) -> FloatMatrix {
        let stored = try matrix(name, outputs: experts, inputs: count)
        let biases: FloatMatrix
        do {
            biases = try FloatMatrix(rows: experts, columns: count)
        } catch {
            throw ModelError(.outOfMemory, subject: name, error.message)
        }
        for expert in 0..<experts {
            biases.withMutableRow(expert) { stored.dequantize(row: expert, into: &$0) }
        }
        return biases
    }

    /// The learned vectors of positions: as many as the file has, at least one.
    func positions(width: Int) throws(ModelError) -> WeightMatrix {
        let name = "position_embd.weight"
        let count = min(rows(of: name) ?? 1, ModelLimits.maximumContext)
        return try matrix(name, outputs: count, inputs: width)
    }

    /// The outputs of a matrix, whatever they should be; nil if there is none of the name.
    func rows(of name: String) -> Int? {
        source.description(ofTensor: name).flatMap {
            $0.dimensions.count > 1 ? $0.dimensions[1] : nil
        }
    }

    /// A vector that only some architectures have; empty where `isPresent` is false.
    func vector(_ name: String, count: Int, if isPresent: Bool) throws(ModelError) -> [Float] {
        isPresent ? try vector(name, count: count) : []
    }

    /// A vector that any file may have; empty where it has none.
    func optionalVector(_ name: String, count: Int) throws(ModelError) -> [Float] {
        try vector(name, count: count, if: has(name))
    }

    /// Refuses a tensor that is missing, has another shape, or a format without kernels.
    private func check(_ name: String, _ dimensions: [Int]) throws(ModelError) {
        log.note(tensor: name)
        guard let tensor = source.description(ofTensor: name) else {
            throw ModelError(
                .missingTensor, subject: name,
                "is not in the file, and the architecture needs it; "
                    + HyperParameters.convertAnew)
        }
        // Trailing dimensions of 1 carry nothing; some converters write them.
        var found = tensor.dimensions
        while found.count > dimensions.count && found.last == 1 { found.removeLast() }
        guard found == dimensions else {
            throw ModelError(
                .invalidTensor, subject: name,
                "has the dimensions \(tensor.dimensions) but the hyper-parameters want "
                    + "\(dimensions); " + HyperParameters.convertAnew)
        }
        guard tensor.format != nil else {
            let supported = TensorFormat.supported.map(\.name).joined(separator: ", ")
            throw ModelError(
                .invalidTensor, subject: name,
                "is of the format \(tensor.formatName), which is not supported; "
                    + "supported are \(supported): take a file of one of these")
        }
    }
}
