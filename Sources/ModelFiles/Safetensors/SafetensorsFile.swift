/// The weights of a model in safetensors: one file, or all that an index names.
///
/// The headers are read and checked when it is opened, from a private copy; the tensors' data
/// stays in the files until it is asked for. Opening reads nothing of it.
///
///     let file = try SafetensorsFile.open("folder")
///     let matrix = try file.weights(file.tensor(named: "lm_head.weight")!)
///
/// Format: <https://github.com/huggingface/safetensors>.
package final class SafetensorsFile: Sendable {
    /// The path of the file; of several, of their folder.
    package let path: String

    /// All tensors, file by file, each in the order of its data.
    package let tensors: [SafetensorsTensor]

    /// Notes of whoever wrote the first file, such as `format`: `pt`.
    package let notes: [String: String]

    /// Bytes of all files together.
    package let byteCount: Int

    private let indexByName: [String: Int]
    let parts: [FilePart]

    /// The files, in the order of their names.
    package var paths: [String] { parts.map(\.path) }

    init(
        path: String, _ parts: [FilePart], _ headers: [SafetensorsHeader]
    ) throws(ModelFileError) {
        precondition(!parts.isEmpty && parts.count == headers.count)
        self.path = path
        self.parts = parts
        tensors = headers.flatMap(\.tensors)
        notes = headers[0].notes
        byteCount = parts.reduce(0) { $0 + $1.byteCount }
        guard tensors.count <= ModelFileLimits.tensors else {
            throw ModelFileError(
                .tooLarge, path: path, "more than \(ModelFileLimits.tensors) tensors")
        }
        var index: [String: Int] = [:]
        for (position, tensor) in tensors.enumerated() {
            guard index.updateValue(position, forKey: tensor.name) == nil else {
                throw ModelFileError(
                    .duplicateTensor, path: parts[tensor.fileIndex].path,
                    at: .tensor(tensor.name), "another file of the model has it too")
            }
        }
        indexByName = index
    }

    /// Reads one file out of memory; `name` stands for the path in errors.
    package convenience init(
        bytes: [UInt8], name: String = "bytes in memory"
    ) throws(ModelFileError) {
        let part = FilePart(path: name, storage: .memory(bytes))
        let header = try SafetensorsHeader(reading: part, fileIndex: 0)
        try self.init(path: name, [part], [header])
    }

    /// The tensor of a name; nil if there is none. O(1).
    package func tensor(named name: String) -> SafetensorsTensor? {
        indexByName[name].map { tensors[$0] }
    }
}
