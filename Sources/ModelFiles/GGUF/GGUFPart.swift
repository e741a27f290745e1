import Tensors

/// One file of a model and where its bytes are.
struct GGUFPart: Sendable {
    let path: String
    let storage: Storage

    enum Storage: Sendable {
        case mapped(MappedFile)
        case memory([UInt8])
    }

    var byteCount: Int {
        switch storage {
        case .mapped(let file): file.count
        case .memory(let bytes): bytes.count
        }
    }
}

extension GGUFPart {
    /// Opens one file and reads its header.
    static func open(
        _ path: String, index: Int
    ) throws(ModelFileError) -> (part: GGUFPart, header: GGUFHeader) {
        let file = try asModelFileError(path) { () throws(TensorError) in
            try MappedFile(path: path)
        }
        var cursor = HeaderCursor(fileSize: file.count, path: path) {
            (range, bytes) throws(ModelFileError) in
            try asModelFileError(path) { () throws(TensorError) in
                try file.copy(range, appendingTo: &bytes)
            }
        }
        let header = try GGUFHeader(reading: &cursor, fileIndex: index)
        return (GGUFPart(path: path, storage: .mapped(file)), header)
    }
}

/// Runs something of Tensors, and gives its error the file's name.
func asModelFileError<T>(
    _ path: String, at location: ModelFileError.Location = .file,
    _ body: () throws(TensorError) -> T
) throws(ModelFileError) -> T {
    do {
        return try body()
    } catch {
        let code: ModelFileError.Code =
            switch error.code {
            case .notARegularFile: .notARegularFile
            case .emptyFile: .notGGUF
            case .tooLarge: .tooLarge
            case .invalidShape: .badShape
            default: .unreadable
            }
        throw ModelFileError(code, path: path, at: location, error.message)
    }
}
