package import Tensors

/// A model as a GGUF file that is yet to be written, under the keys and names, in the types and in
/// the order of rows that readers of such files expect.
///
/// Of a GGUF file everything is kept, but for the formats of matrices; of a folder what its reader
/// tells. Nothing of the weights is read before the file is written, and then a few megabytes at a
/// time, or a matrix whose rows change places.
package struct GGUFConversion {
    /// The file.
    package private(set) var writer = GGUFWriter()

    /// What a person may want to know of the model.
    package var warnings: [String] { model.warnings }

    private let model: any ModelDescription
    private let order: RotaryOrder?
    private let pool: WorkerPool

    /// Prepares a file.
    ///
    /// - Parameters:
    ///   - model: What it is made of.
    ///   - quantization: What matrices are rounded to; nil: each stays in its format.
    ///   - tokenizer: The entries of the tokenizer, of a model that is no GGUF file.
    ///   - pool: Rounds rows.
    /// - Throws: for what a GGUF file cannot say, by key or tensor.
    package init(
        _ model: any ModelDescription, quantization: Quantization?,
        tokenizer: [(key: String, value: GGUFValue)], pool: WorkerPool
    ) throws(ModelFileError) {
        let base = model
        self.model = quantization.map { RequantizedModel(base, $0) as any ModelDescription } ?? base
        self.pool = pool
        if let file = base as? GGUFFile {
            order = nil
            addMetadata(of: file, quantization)
        } else {
            order = try RotaryOrder(base)
            try addMetadata(of: base, quantization, tokenizer)
        }
        for name in self.model.tensorNames { try add(name, ofFile: base is GGUFFile) }
    }

    /// What of a tensor's shape says how it is read.
    private enum Shape {
        case vector(Int)
        case matrix(rows: Int, columns: Int)
        case experts(count: Int, rows: Int, columns: Int)

        init?(_ dimensions: [Int]) {
            var sizes = dimensions
            while sizes.count > 1, sizes.last == 1 { sizes.removeLast() }
            switch sizes.count {
            case 1: self = .vector(sizes[0])
            case 2: self = .matrix(rows: sizes[1], columns: sizes[0])
            case 3: self = .experts(count: sizes[2], rows: sizes[1], columns: sizes[0])
            default: return nil
            }
        }
    }

    private mutating func add(_ name: String, ofFile: Bool) throws(ModelFileError) {
        guard let tensor = model.description(ofTensor: name) else { return }
        guard name.utf8.count <= ModelFileLimits.tensorNameBytes else {
            throw ModelFileError(
                .badTensorName, path: model.path, at: .tensor(name),
                "has a longer name than files of this kind may have; it is not of a known model")
        }
        guard let format = tensor.format, let shape = Shape(tensor.dimensions) else {
            throw ModelFileError(
                .unsupportedFormat, path: model.path, at: .tensor(name),
                "is stored as \(tensor.formatName) with the sizes \(tensor.dimensions), which"
                    + " cannot be read here")
        }
        // What is no matrix to multiply by is a float of 32 bits in such files.
        let isRounded = QuantizationMix.isRounded(name, tensor.dimensions)
        let stored = ofFile || isRounded ? format : .f32
        let columns = tensor.dimensions[0]
        let rows = tensor.dimensions.dropFirst().reduce(1, *)
        let byteCount = rows * (stored.rowBytes(columns: columns) ?? 0)
        let (model, order, pool) = (model, order, pool)
        writer.addTensor(
            name, dimensions: tensor.dimensions, formatID: stored.rawValue, byteCount: byteCount
        ) { (sink) throws(ModelFileError) in
            if case .vector(let count) = shape, !ofFile {
                let values = try model.floats(name, count: count)
                let row = order?.moved(values, of: name) ?? values
                return try sink(TensorFormat.f32.quantize(row) ?? [])
            }
            for source in try Self.matrices(model, name, shape) {
                let matrix = try asModelFileError(model.path, at: .tensor(name)) {
                    () throws(TensorError) in try source.rounded(to: stored)
                }
                if let order, order.moves(name) {
                    let bytes = matrix.bytes(ofRows: 0..<matrix.rows, by: pool)
                    try sink(order.moved(bytes, rows: matrix.rows, of: name))
                } else {
                    try matrix.eachRun { (rows) throws(ModelFileError) in
                        try sink(matrix.bytes(ofRows: rows, by: pool))
                    }
                }
            }
        }
    }

    private static func matrices(
        _ model: any ModelDescription, _ name: String, _ shape: Shape
    ) throws(ModelFileError) -> [WeightMatrix] {
        switch shape {
        case .vector(let count): [try model.weights(name, rows: 1, columns: count)]
        case .matrix(let rows, let columns):
            [try model.weights(name, rows: rows, columns: columns)]
        case .experts(let count, let rows, let columns):
            try model.experts(name, count: count, rows: rows, columns: columns)
        }
    }
}

extension GGUFConversion {
    /// Everything of a file but what says how it is quantized and split.
    private mutating func addMetadata(of file: GGUFFile, _ quantization: Quantization?) {
        for key in file.parameterKeys {
            guard let value = file.parameter(key), !key.hasPrefix("split."),
                key != "general.alignment"
            else { continue }
            switch (key, quantization) {
            case ("general.file_type", .some), ("general.quantization_version", .some): continue
            default: writer.add(key, value)
            }
        }
        guard let quantization else { return }
        addType(quantization)
    }

    private mutating func addType(_ quantization: Quantization) {
        writer.add("general.file_type", .uint32(quantization.fileType))
        if !quantization.format.isFloat { writer.add("general.quantization_version", .uint32(2)) }
    }

    /// What a folder tells, in the types that readers of GGUF expect of each key.
    private mutating func addMetadata(
        of model: any ModelDescription, _ quantization: Quantization?,
        _ tokenizer: [(key: String, value: GGUFValue)]
    ) throws(ModelFileError) {
        for key in model.parameterKeys where key != order?.key {
            guard let value = model.parameter(key) else { continue }
            writer.add(key, Self.canonical(value, of: key))
        }
        addType(quantization ?? Self.usualType(of: model))
        for (key, value) in tokenizer { writer.add(key, value) }
        let template = "tokenizer.chat_template"
        for (name, text) in try model.chatTemplates().sorted(by: { $0.key < $1.key }) {
            writer.add(name == "default" ? template : "\(template).\(name)", text: text)
        }
    }

    private static func canonical(_ value: GGUFValue, of key: String) -> GGUFValue {
        switch value {
        case .int64(let number): return UInt32(exactly: number).map { .uint32($0) } ?? value
        case .float64(let number): return .float32(Float(number))
        case .array(let array) where key.hasSuffix("sliding_window_pattern"):
            guard let flags = array.integers else { return value }
            return .array(GGUFArray(.bool, flags.map { .bool($0 != 0) }))
        default: return value
        }
    }

    /// The type of floats that the model's largest matrices have.
    private static func usualType(of model: any ModelDescription) -> Quantization {
        var bytes: [TensorFormat: Int] = [:]
        for name in model.tensorNames {
            guard let tensor = model.description(ofTensor: name), let format = tensor.format else {
                continue
            }
            bytes[format, default: 0] += tensor.byteCount
        }
        let most = bytes.max { ($0.value, $0.key.rawValue) < ($1.value, $1.key.rawValue) }?.key
        return most == .bf16 ? .bf16 : most == .f16 ? .f16 : .f32
    }
}
