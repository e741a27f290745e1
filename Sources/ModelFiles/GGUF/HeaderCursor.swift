/// Reads a file's header from front to back, out of a private copy of the file's first bytes.
///
/// A copy, because a mapped file that someone truncates kills the process that reads it; it grows
/// as the header turns out to be longer, up to the file's size and never for a mere claim.
struct HeaderCursor {
    /// The file's first bytes, as far as they were needed.
    private(set) var bytes: [UInt8]
    /// Where the next read begins.
    private(set) var offset = 0
    /// The size of the whole file.
    let fileSize: Int
    let path: String

    /// Elements reserved on a claim of the file, for the tests that bound it.
    private(set) var reserved = 0

    /// Appends a range of the file; all of it, or it throws.
    typealias Loader = (Range<Int>, inout [UInt8]) throws(ModelFileError) -> Void
    private let load: Loader?

    /// A cursor over bytes that are all there.
    init(bytes: [UInt8], path: String) {
        self.bytes = bytes
        self.path = path
        fileSize = bytes.count
        load = nil
    }

    /// A cursor over a file that is read in growing pieces.
    init(fileSize: Int, path: String, load: @escaping Loader) {
        bytes = []
        self.fileSize = fileSize
        self.path = path
        self.load = load
    }

    /// Bytes between here and the end of the file.
    var remaining: Int { fileSize - offset }

    /// An error at a place in the file.
    func error(_ code: ModelFileError.Code, at place: Int, _ message: String) -> ModelFileError {
        ModelFileError(code, path: path, at: .offset(place), message)
    }

    /// Makes sure that the next `count` bytes are in memory.
    @inline(__always)
    mutating func require(_ count: Int, _ what: String) throws(ModelFileError) {
        if count > min(bytes.count, ModelFileLimits.headerBytes) - offset {
            try grow(count, what)
        }
    }

    private mutating func grow(_ count: Int, _ what: String) throws(ModelFileError) {
        guard count <= remaining else {
            throw error(
                .truncated, at: offset,
                "the file ends inside \(what): \(count) bytes needed, \(remaining) left"
                    + " (\(fileSize) bytes in all); fetch the file again")
        }
        let needed = offset + count
        guard needed <= ModelFileLimits.headerBytes, let load else {
            throw error(
                .tooLarge, at: offset,
                "the header is longer than \(ModelFileLimits.headerBytes) bytes, at \(what)")
        }
        let firstPiece = 1 << 20
        let target = min(fileSize, max(needed, 2 * bytes.count, firstPiece))
        try load(bytes.count..<target, &bytes)
    }

    /// Passes over bytes that must be in the file, and returns where they are.
    mutating func take(_ count: Int, _ what: String) throws(ModelFileError) -> Range<Int> {
        try require(count, what)
        defer { offset += count }
        return offset..<offset + count
    }

    /// Reads an unsigned little-endian number of `size` bytes.
    @inline(__always)
    mutating func unsigned(_ size: Int, _ what: String) throws(ModelFileError) -> UInt64 {
        try require(size, what)
        defer { offset += size }
        return bytes.littleEndian(at: offset, count: size)
    }

    mutating func uint32(_ what: String) throws(ModelFileError) -> UInt32 {
        UInt32(truncatingIfNeeded: try unsigned(4, what))
    }

    /// Reads a 64-bit count of things of at least `minimumSize` bytes each, all still to come.
    mutating func count(
        _ what: String, minimumSize: Int, atMost limit: Int = .max
    ) throws(ModelFileError) -> Int {
        let start = offset
        let claim = try unsigned(8, "the number of \(what)")
        guard claim <= UInt64(remaining / minimumSize) else {
            throw error(
                .badCount, at: start,
                "the file claims \(claim) \(what), but its remaining \(remaining) bytes hold"
                    + " at most \(remaining / minimumSize)")
        }
        guard claim <= UInt64(limit) else {
            throw error(.tooLarge, at: start, "\(claim) \(what): at most \(limit) are read")
        }
        return Int(claim)
    }

    /// Reads a string's length, which the rest of the file must hold, and passes over its bytes.
    mutating func string(_ what: String) throws(ModelFileError) -> Range<Int> {
        let start = offset
        let length = try unsigned(8, what)
        guard length <= UInt64(remaining) else {
            throw error(
                .badString, at: start,
                "\(what) claims a length of \(length) bytes; \(remaining) are left in the file")
        }
        guard length <= UInt64(ModelFileLimits.stringBytes) else {
            throw error(
                .tooLarge, at: start,
                "\(what) has \(length) bytes; strings of at most \(ModelFileLimits.stringBytes)"
                    + " are read")
        }
        return try take(Int(length), what)
    }

    /// Passes over `count` strings; returns where each begins. `count` was checked by `count(_:)`.
    mutating func strings(_ count: Int) throws(ModelFileError) -> [UInt32] {
        var offsets: [UInt32] = []
        offsets.reserveCapacity(count)
        reserved += count
        for _ in 0..<count {
            // `headerBytes` fits 32 bits, and what was read so far ends before it.
            offsets.append(UInt32(offset))
            _ = try string("a string of an array")
        }
        return offsets
    }
}
