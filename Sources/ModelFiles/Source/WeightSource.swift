package import Tensors

/// The tensors of a model, wherever they lie.
///
/// Names are canonical: those that GGUF gives them (`blk.0.attn_q.weight`). A source whose files
/// call them otherwise translates; nothing beyond it knows.
package protocol WeightSource: AnyObject, Sendable {
    /// The canonical names of all tensors, in the order of the files. A tensor without a canonical
    /// name is listed under the name that its file gives it, so that it can be refused by that.
    var tensorNames: [String] { get }

    /// Bytes of all files together.
    var byteCount: Int { get }

    /// What a tensor is; nil if there is none of the name. O(1).
    func description(ofTensor name: String) -> TensorDescription?

    /// A tensor of two dimensions as a matrix of weights, in its own format and in place.
    ///
    /// - Throws: `missingTensor`, `wrongShape` or `unsupportedFormat`.
    func weights(_ name: String, rows: Int, columns: Int) throws(ModelFileError) -> WeightMatrix

    /// The matrices of a layer's experts, all of one shape, which go by one name.
    ///
    /// - Throws: as `weights`; a source that keeps no experts refuses them by that name.
    func experts(
        _ name: String, count: Int, rows: Int, columns: Int
    ) throws(ModelFileError) -> [WeightMatrix]

    /// The values of a tensor of one dimension as floats. Throws as `weights`.
    func floats(_ name: String, count: Int?) throws(ModelFileError) -> [Float]

    /// Tells the system that the files are read here and there, so that nothing beside what is
    /// asked for is read, or that they are read on from where a read is, as it takes them to be.
    func readsHereAndThere(_ isSo: Bool)

    /// A number that stands for these weights in this format; see `GGUFFile.identity()`.
    func identity() throws(ModelFileError) -> UInt64

    /// A number that changes when the files do, even by a byte between the samples of `identity`.
    func revision() throws(ModelFileError) -> UInt64
}

/// A tensor as a source lists it: its shape and format, not its values.
package struct TensorDescription: Hashable, Sendable {
    /// 1 to 4 sizes, the first the length of a contiguous row: a matrix that maps `in` values to
    /// `out` values has the dimensions `[in, out]`.
    package var dimensions: [Int]
    /// The format, if this program has kernels for it.
    package var format: TensorFormat?
    /// The format's name in the field.
    package var formatName: String
    /// Bytes of data.
    package var byteCount: Int

    /// Describes a tensor.
    package init(dimensions: [Int], format: TensorFormat?, formatName: String, byteCount: Int) {
        self.dimensions = dimensions
        self.format = format
        self.formatName = formatName
        self.byteCount = byteCount
    }
}

extension WeightSource {
    /// Whether there is a tensor of the name.
    package func hasTensor(_ name: String) -> Bool { description(ofTensor: name) != nil }
}

extension WeightSource {
    /// Refuses experts.
    package func experts(
        _ name: String, count: Int, rows: Int, columns: Int
    ) throws(ModelFileError) -> [WeightMatrix] {
        throw ModelFileError(
            .unsupportedFormat, path: "the model", at: .tensor(name),
            "experts are read of GGUF files alone; take such a file of the model")
    }
}

extension GGUFFile: WeightSource {
    /// The parts of a tensor of three dimensions, `[columns, rows, count]`.
    package func experts(
        _ name: String, count: Int, rows: Int, columns: Int
    ) throws(ModelFileError) -> [WeightMatrix] {
        guard let tensor = tensor(named: name), tensor.dimensions == [columns, rows, count] else {
            throw ModelFileError(
                .wrongShape, path: path, at: .tensor(name),
                "is missing or not of the shape \([columns, rows, count])")
        }
        let all = try weights(tensor)
        return (0..<count).map { all.rows($0 * rows..<($0 + 1) * rows) }
    }

    /// The names of all tensors, in the order of the file and of its parts.
    package var tensorNames: [String] { tensors.map(\.name) }

    package func readsHereAndThere(_ isSo: Bool) {
        for part in parts { part.readsHereAndThere(isSo) }
    }

    /// What the header says of a tensor.
    package func description(ofTensor name: String) -> TensorDescription? {
        tensor(named: name).map {
            TensorDescription(
                dimensions: $0.dimensions, format: $0.format, formatName: $0.formatName,
                byteCount: $0.byteCount)
        }
    }
}
