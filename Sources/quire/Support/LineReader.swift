import Foundation

/// The lines of a file, one after another: no more of it is in memory than a line and a buffer.
///
/// Every command that reads lines reads them here: only LF and CRLF end one. A text may hold any of
/// the other marks that Unicode counts as the end of a line, JSON texts above all.
struct LineReader {
    /// A line without its end.
    struct Line {
        /// Its number, from 1.
        let number: Int
        /// Its bytes; nil where they are more than a line may have.
        let bytes: [UInt8]?
        /// A hash of all of its bytes.
        let fingerprint: UInt64
        /// Whether a line end follows.
        let isComplete: Bool
        /// The offset in the file of what follows.
        let end: Int

        /// Whether there is nothing on it but space.
        var isBlank: Bool {
            bytes?.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D } ?? false
        }
    }

    /// Bytes of a line at most, where a line is one request: some hundred thousand tokens.
    static let maxRequestBytes = 16 << 20

    private static let bufferSize = 1 << 20

    private let handle: FileHandle?
    private let path: String?
    private let maxBytes: Int
    private var buffer = Data()
    private var number = 0
    private var offset = 0

    /// A reader from the handle's place on.
    ///
    /// - Parameter maxBytes: bytes of a line; of a longer one only the number is told.
    init(_ handle: FileHandle, maxBytes: Int = .max) {
        self.handle = handle
        path = nil
        self.maxBytes = maxBytes
    }

    /// A reader of a file.
    ///
    /// - Throws: `UnreadableFile`, here and when lines are read.
    init(path: String, maxBytes: Int = .max) throws {
        handle = try StandardStreams.open(path)
        self.path = path
        self.maxBytes = maxBytes
    }

    /// A reader of a text.
    init(_ text: String, maxBytes: Int = .max) {
        handle = nil
        path = nil
        self.maxBytes = maxBytes
        buffer = Data(text.utf8)
    }

    /// The next line with something on it, without the mark (U+FEFF) that some editors put before
    /// a file's first character; nil at the end of the file.
    ///
    /// - Throws: when the file cannot be read.
    mutating func nextFilled() throws -> Line? {
        while let line = try next() {
            let line = line.number == 1 ? line.withoutMark : line
            if !line.isBlank { return line }
        }
        return nil
    }

    /// The next line; nil at the end of the file.
    ///
    /// - Throws: when the file cannot be read.
    mutating func next() throws -> Line? {
        var bytes: [UInt8]? = []
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        var isEmpty = true
        while true {
            if buffer.isEmpty { buffer = try read() }
            if buffer.isEmpty {
                return isEmpty ? nil : line(bytes, hash, isComplete: false)
            }
            isEmpty = false
            let lineEnd = buffer.firstIndex(of: 0x0A)
            let piece = buffer[..<(lineEnd ?? buffer.endIndex)]
            // FNV-1a.
            for byte in piece { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
            if let count = bytes?.count, count + piece.count <= maxBytes {
                bytes?.append(contentsOf: piece)
            } else {
                bytes = nil
            }
            offset += piece.count
            guard let lineEnd else {
                buffer = Data()
                continue
            }
            buffer = buffer[(lineEnd + 1)...]
            offset += 1
            if bytes?.last == 0x0D { bytes?.removeLast() }
            return line(bytes, hash, isComplete: true)
        }
    }

    private func read() throws -> Data {
        do {
            return try handle?.read(upToCount: Self.bufferSize) ?? Data()
        } catch {
            guard let path else { throw error }
            throw UnreadableFile(path: path, reason: StandardStreams.reason(of: error))
        }
    }

    private mutating func line(_ bytes: [UInt8]?, _ hash: UInt64, isComplete: Bool) -> Line {
        number += 1
        return Line(
            number: number, bytes: bytes, fingerprint: hash, isComplete: isComplete, end: offset)
    }
}

extension LineReader.Line {
    /// The line without a mark before its first character.
    fileprivate var withoutMark: Self {
        guard let bytes, bytes.starts(with: [0xEF, 0xBB, 0xBF]) else { return self }
        return Self(
            number: number, bytes: Array(bytes.dropFirst(3)), fingerprint: fingerprint,
            isComplete: isComplete, end: end)
    }
}
