import QuireJSON

/// What the beginning of a safetensors file says: the list of tensors, and notes.
///
/// Layout: u64 length of the header, little-endian; the header, JSON that may be padded with
/// spaces; tensor data without gaps to the end of the file. The header is an object: a tensor's
/// name to its type, shape, and first and last offset from the start of the data;
/// `__metadata__` to notes, texts by name.
///
/// Source: <https://github.com/huggingface/safetensors>, README, "Format".
struct SafetensorsHeader {
    /// The tensors in the order of their data.
    var tensors: [SafetensorsTensor]
    /// Notes of whoever wrote the file.
    var notes: [String: String]

    /// Bytes of the header's length.
    static let lengthBytes = 8

    /// Reads and checks the header of a file.
    ///
    /// - Complexity: one pass over the header's bytes, and a sort of the tensors.
    init(reading part: FilePart, fileIndex: Int) throws(ModelFileError) {
        let length = try Self.length(of: part)
        var bytes: [UInt8] = []
        try part.copy(Self.lengthBytes..<Self.lengthBytes + length, appendingTo: &bytes)
        guard bytes.first == UInt8(ascii: "{") else {
            throw ModelFileError(
                .badJSON, path: part.path, at: .offset(Self.lengthBytes),
                "not a safetensors file: its header must begin with '{'")
        }
        let dataStart = Self.lengthBytes + length
        var list = SafetensorsList(
            path: part.path, data: dataStart..<part.byteCount, fileIndex: fileIndex)
        do {
            var reader = JSONReader(bytes, path: part.path)
            try list.read(&reader)
            try reader.finish()
        } catch let error as JSONError {
            throw ModelFileError(
                .badJSON, path: part.path, at: .offset(Self.lengthBytes + error.offset),
                error.message)
        } catch let error as ModelFileError {
            throw error
        } catch {
            throw ModelFileError(.badJSON, path: part.path, "\(error)")
        }
        tensors = try list.placed()
        notes = list.notes
    }

    private static func length(of part: FilePart) throws(ModelFileError) -> Int {
        guard part.byteCount > lengthBytes else {
            throw ModelFileError(
                .truncated, path: part.path,
                "not a safetensors file: \(part.byteCount) bytes, too short for a header; fetch"
                    + " the file again")
        }
        var bytes: [UInt8] = []
        try part.copy(0..<lengthBytes, appendingTo: &bytes)
        let length = bytes.littleEndian(at: 0, count: lengthBytes)
        guard length <= UInt64(ModelFileLimits.safetensorsHeaderBytes) else {
            throw ModelFileError(
                .tooLarge, path: part.path, at: .offset(0),
                "not a safetensors file, or damaged: the header's length is \(length), at most"
                    + " \(ModelFileLimits.safetensorsHeaderBytes) is allowed")
        }
        guard length >= 2 else {
            throw ModelFileError(
                .badCount, path: part.path, at: .offset(0),
                "the header's length is \(length), too short for an object")
        }
        guard Int(length) <= part.byteCount - lengthBytes else {
            throw ModelFileError(
                .truncated, path: part.path, at: .offset(0),
                "the header's length is \(length), in a file of \(part.byteCount) bytes; fetch the"
                    + " file again")
        }
        return Int(length)
    }
}
