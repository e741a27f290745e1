/// A GGUF model file, or all the parts of a split one: metadata, the tensor list, and the data.
///
/// The header is read and checked when the file is opened, from a private copy; the tensors' data
/// stays in the file until it is asked for. Opening reads nothing of it.
///
///     let file = try GGUFFile.open("model.gguf")
///     let layers = try file.metadata.integer("llama.block_count", in: 1...1_000)
///
/// Format: <https://github.com/ggml-org/ggml/blob/master/docs/gguf.md>, versions 2 and 3.
package final class GGUFFile: Sendable {
    /// The path given, or a name for bytes in memory.
    package let path: String

    /// The format's version, 2 or 3.
    package let version: UInt32

    /// The metadata; of a split model, the first part's.
    package let metadata: GGUFMetadata

    /// All tensors, in the order of the file and of its parts.
    package let tensors: [GGUFTensor]

    /// Bytes of all parts together.
    package let byteCount: Int

    private let indexByName: [String: Int]
    let parts: [FilePart]

    /// The files, the first first; one, unless the model is split.
    package var paths: [String] { parts.map(\.path) }

    init(_ parts: [FilePart], _ headers: [GGUFHeader]) throws(ModelFileError) {
        precondition(!parts.isEmpty && parts.count == headers.count)
        self.parts = parts
        path = parts[0].path
        version = headers[0].version
        metadata = headers[0].metadata
        tensors = headers.flatMap(\.tensors)
        byteCount = parts.reduce(0) { $0 + $1.byteCount }
        var index: [String: Int] = [:]
        for (position, tensor) in tensors.enumerated() {
            guard index.updateValue(position, forKey: tensor.name) == nil else {
                throw ModelFileError(
                    .duplicateTensor, path: parts[tensor.fileIndex].path,
                    at: .tensor(tensor.name), "another part of the model has it too")
            }
        }
        indexByName = index
    }

    /// Reads a model out of memory: tests, and data that came another way.
    ///
    /// `name` stands for the path in errors. A split model cannot be read this way.
    package convenience init(
        bytes: [UInt8], name: String = "bytes in memory"
    ) throws(ModelFileError) {
        var reserved = 0
        try self.init(bytes: bytes, name: name, reserved: &reserved)
    }

    /// Reads a model out of memory and tells, also when it throws, how many array elements were
    /// reserved because the file claimed them: a bound for tests.
    package convenience init(
        bytes: [UInt8], name: String, reserved: inout Int
    ) throws(ModelFileError) {
        var cursor = HeaderCursor(bytes: bytes, path: name)
        defer { reserved = cursor.reserved }
        let header = try GGUFHeader(reading: &cursor)
        try header.requireWhole()
        try self.init([FilePart(path: name, storage: .memory(bytes))], [header])
    }

    /// The tensor of a name; nil if there is none. O(1).
    package func tensor(named name: String) -> GGUFTensor? {
        indexByName[name].map { tensors[$0] }
    }
}
