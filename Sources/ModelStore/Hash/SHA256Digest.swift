import Foundation

/// A SHA-256 sum.
package struct SHA256Digest: Hashable, Sendable, CustomStringConvertible {
    /// Its 32 bytes.
    package let bytes: [UInt8]

    /// The sum of bytes.
    package init(of message: [UInt8]) {
        var hash = SHA256()
        hash.update(message.span)
        self = hash.finalize()
    }

    init(bytes: [UInt8]) {
        precondition(bytes.count == 32, "a SHA-256 sum has 32 bytes")
        self.bytes = bytes
    }

    /// Reads 64 hexadecimal digits.
    init?(hexadecimal text: some StringProtocol) {
        let digits = Array(text.utf8)
        guard digits.count == 64 else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: 64, by: 2) {
            guard let high = Self.value(digits[index]), let low = Self.value(digits[index + 1])
            else { return nil }
            bytes.append(high << 4 | low)
        }
        self.bytes = bytes
    }

    /// 64 lower-case hexadecimal digits.
    package var description: String {
        var text = ""
        for byte in bytes {
            text += String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
        }
        return text
    }

    /// The sum of a file.
    ///
    /// - Complexity: one pass, in memory of one chunk.
    static func ofFile(
        _ path: String, progress: (Int) -> Void = { _ in }
    ) throws(ModelStoreError) -> SHA256Digest {
        var hash = SHA256()
        do {
            let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            defer { try? handle.close() }
            while let chunk = try handle.read(upToCount: 1 << 20), !chunk.isEmpty {
                try Task.checkCancellation()
                hash.update([UInt8](chunk).span)
                progress(chunk.count)
            }
        } catch is CancellationError {
            throw ModelStoreError(.cancelled, "Stopped while the sum was being checked.")
        } catch {
            throw ModelStoreError(
                .fileSystem, "\(path) cannot be read: \(SystemReason.text(error)).")
        }
        return hash.finalize()
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
