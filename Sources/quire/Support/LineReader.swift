import Foundation

/// The lines of a file, one after another: no more of it is in memory than a line and a buffer.
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

    private static let bufferSize = 1 << 20

    private let handle: FileHandle
    private let maxBytes: Int
    private var buffer = Data()
    private var number = 0
    private var offset = 0

    /// A reader from the handle's place on.
    ///
    /// - Parameter maxBytes: bytes of a line; of a longer one only the number is told.
    init(_ handle: FileHandle, maxBytes: Int = .max) {
        self.handle = handle
        self.maxBytes = maxBytes
    }

    /// The next line; nil at the end of the file.
    ///
    /// - Throws: when the file cannot be read.
    mutating func next() throws -> Line? {
        var bytes: [UInt8]? = []
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        var isEmpty = true
        while true {
            if buffer.isEmpty { buffer = try handle.read(upToCount: Self.bufferSize) ?? Data() }
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
            return line(bytes, hash, isComplete: true)
        }
    }

    private mutating func line(_ bytes: [UInt8]?, _ hash: UInt64, isComplete: Bool) -> Line {
        number += 1
        return Line(
            number: number, bytes: bytes, fingerprint: hash, isComplete: isComplete, end: offset)
    }
}
