/// What the first part of a GGUF file says: version, metadata and the list of tensors.
///
/// Layout (little-endian): magic `GGUF`, u32 version, u64 tensor count, u64 entry count; the
/// entries (key, type, value); the tensors (name, u32 n, u64 dimensions[n], u32 type, u64 offset);
/// zeros up to a multiple of the alignment; tensor data.
struct GGUFHeader {
    var version: UInt32 = 0
    var metadata: GGUFMetadata
    var tensors: [GGUFTensor] = []
    /// Where tensor data begins.
    var dataStart = 0

    /// Reads and checks a header.
    ///
    /// - Complexity: one pass over the header's bytes.
    init(reading cursor: inout HeaderCursor, fileIndex: Int = 0) throws(ModelFileError) {
        version = try Self.version(&cursor)
        // The tensor count comes first, its check needs the entries' end only as a lower bound.
        let tensorCount = try cursor.count(
            "tensors", minimumSize: Self.minimumTensorSize, atMost: ModelFileLimits.tensors)
        let entryCount = try cursor.count(
            "metadata entries", minimumSize: Self.minimumEntrySize,
            atMost: ModelFileLimits.metadataEntries)
        var entries = GGUFMetadata.Entries()
        for _ in 0..<entryCount {
            try entries.read(&cursor)
        }
        let alignment = try entries.alignment(in: cursor)
        var list = TensorList(alignment: alignment, fileIndex: fileIndex)
        for _ in 0..<tensorCount {
            try list.read(&cursor)
        }
        (tensors, dataStart) = try list.place(cursor)
        metadata = GGUFMetadata(entries, header: cursor.bytes, path: cursor.path)
    }

    /// Key length, one byte of key, type, one byte of value.
    private static let minimumEntrySize = 8 + 1 + 4 + 1

    /// Name length, one byte of name, dimension count, one dimension, type, offset.
    private static let minimumTensorSize = 8 + 1 + 4 + 8 + 4 + 8

    private static func version(_ cursor: inout HeaderCursor) throws(ModelFileError) -> UInt32 {
        guard cursor.fileSize >= 4 else {
            throw ModelFileError(
                .notGGUF, path: cursor.path,
                "not a GGUF file: \(cursor.fileSize) bytes, too short for the magic 'GGUF'")
        }
        let magic = try cursor.take(4, "the magic")
        guard cursor.bytes[magic].elementsEqual("GGUF".utf8) else {
            throw cursor.error(
                .notGGUF, at: 0,
                "not a GGUF file: it begins with the bytes"
                    + " \(cursor.bytes[magic].map { String($0, radix: 16) }.joined(separator: " "))"
                    + ", expected 'GGUF' (47 47 55 46)")
        }
        let version = try cursor.uint32("the version")
        switch version {
        case 2, 3: return version
        case 1:
            throw cursor.error(
                .unsupportedVersion, at: 4,
                "GGUF version 1 is not read (its lengths have 32 bits); convert the model again"
                    + " with a current tool")
        case let other where (1...255).contains(other.byteSwapped):
            throw cursor.error(
                .wrongByteOrder, at: 4,
                "a big-endian GGUF file (version \(other.byteSwapped)); this machine needs a"
                    + " little-endian one: fetch or convert that")
        default:
            throw cursor.error(
                .unsupportedVersion, at: 4, "GGUF version \(version); versions 2 and 3 are read")
        }
    }
}
