import Tensors

/// One file of a model and where its bytes are.
struct FilePart: Sendable {
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

    /// Maps a file; `empty` is the fault of one without bytes.
    static func mapping(
        _ path: String, empty: ModelFileError.Code = .truncated
    ) throws(ModelFileError) -> FilePart {
        let file = try asModelFileError(path, empty: empty) { () throws(TensorError) in
            try MappedFile(path: path)
        }
        return FilePart(path: path, storage: .mapped(file))
    }
}

extension FilePart {
    /// Tells the system how the file is read.
    func readsHereAndThere(_ isSo: Bool) {
        guard case .mapped(let file) = storage else { return }
        file.advise(isSo ? .random : .normal, 0..<file.count)
    }

    /// A private copy of some bytes, which lie within the file: what a header says must not change
    /// after it was checked.
    func copy(
        _ range: Range<Int>, appendingTo bytes: inout [UInt8]
    ) throws(ModelFileError) {
        switch storage {
        case .memory(let all): bytes.append(contentsOf: all[range])
        case .mapped(let file):
            try asModelFileError(path) { () throws(TensorError) in
                try file.copy(range, appendingTo: &bytes)
            }
        }
    }

    /// A checksum of some bytes, which lie within the file, after those of `seed`.
    func checksum(_ range: Range<Int>, seed: UInt64) throws(ModelFileError) -> UInt64 {
        var bytes: [UInt8] = []
        try copy(range, appendingTo: &bytes)
        return Checksum64.of(bytes, seed: seed)
    }

    /// A checksum of samples of a tensor's bytes, its first and last among them, after `seed`.
    ///
    /// Not of all bytes, which would read gigabytes: weights that were trained differ everywhere.
    func sample(_ range: Range<Int>, seed: UInt64) throws(ModelFileError) -> UInt64 {
        var sum = seed
        let last = range.lowerBound + max(0, range.count - Self.sampleBytes)
        for sample in 0..<Self.sampleCount {
            let step = (last - range.lowerBound) / (Self.sampleCount - 1)
            let start = range.lowerBound + step * sample
            sum = try checksum(start..<min(start + Self.sampleBytes, range.upperBound), seed: sum)
        }
        return try checksum(last..<range.upperBound, seed: sum)
    }

    /// A checksum of the file's size and the time of its last change, after `seed`; of bytes in
    /// memory the seed itself.
    func revision(seed: UInt64) -> UInt64 {
        guard case .mapped(let file) = storage else { return seed }
        var bytes: [UInt8] = []
        bytes.append(littleEndian: UInt64(file.count), count: 8)
        bytes.append(littleEndian: UInt64(bitPattern: Int64(file.modified)), count: 8)
        return Checksum64.of(bytes, seed: seed)
    }

    /// A tensor's bytes as a matrix, in place; a copy of those in memory.
    func matrix(
        _ format: TensorFormat, rows: Int, columns: Int, at range: Range<Int>, tensor: String
    ) throws(ModelFileError) -> WeightMatrix {
        try asModelFileError(path, at: .tensor(tensor)) { () throws(TensorError) in
            switch storage {
            case .mapped(let file):
                try WeightMatrix(
                    format: format, rows: rows, columns: columns, file: file,
                    offset: range.lowerBound)
            case .memory(let bytes):
                try WeightMatrix(
                    format: format, rows: rows, columns: columns, bytes: Array(bytes[range]))
            }
        }
    }

    private static let sampleCount = 8
    private static let sampleBytes = 256
}

/// Runs something of Tensors, and gives its error the file's name.
func asModelFileError<T>(
    _ path: String, at location: ModelFileError.Location = .file,
    empty: ModelFileError.Code = .truncated, _ body: () throws(TensorError) -> T
) throws(ModelFileError) -> T {
    do {
        return try body()
    } catch {
        let code: ModelFileError.Code =
            switch error.code {
            case .notARegularFile: .notARegularFile
            case .emptyFile: empty
            case .tooLarge: .tooLarge
            case .invalidShape: .badShape
            default: .unreadable
            }
        throw ModelFileError(code, path: path, at: location, error.message)
    }
}
