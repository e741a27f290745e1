import Tensors

/// How the first bytes of the files that Quire writes for itself are framed.
///
/// ```
/// magic 8 | version 4 | header bytes 4 | the format's own fields | checksum of all these 8
/// ```
///
/// Zeros follow, up to a page of memory, where the contents begin. Numbers are little-endian.
struct FileHeader: Hashable, Sendable {
    /// Header size in bytes, padded with zeros.
    static let byteCount = 4096

    /// What files of the format begin with.
    let magic: [UInt8]

    /// The version of the format.
    let version: UInt32

    /// A format with its magic, 8 bytes of ASCII.
    init(magic: String, version: UInt32) {
        self.magic = Array(magic.utf8)
        self.version = version
        precondition(self.magic.count == 8, "a magic of another length")
    }

    /// The header with the fields that `append` writes.
    func bytes(_ append: (inout ByteWriter) -> Void) -> [UInt8] {
        var writer = ByteWriter()
        writer.append(magic)
        writer.append(version)
        writer.append(UInt32(Self.byteCount))
        append(&writer)
        writer.append(Checksum64.of(writer.bytes))
        writer.pad(to: Self.byteCount)
        return writer.bytes
    }

    /// Whether bytes begin like a file of the format, of any version, which may be cut short.
    func isBegun(by bytes: [UInt8]) -> Bool {
        bytes.prefix(magic.count).elementsEqual(magic.prefix(bytes.count))
    }

    /// Reads the fields; nil unless the bytes begin like this version's.
    ///
    /// The caller checks the checksum, by writing the same fields and comparing the bytes.
    func fields(of bytes: [UInt8]) -> ByteReader? {
        var reader = ByteReader(bytes)
        guard let start = reader.next(magic.count), start.elementsEqual(magic),
            reader.number() == version, reader.number() == UInt32(Self.byteCount)
        else { return nil }
        return reader
    }
}
