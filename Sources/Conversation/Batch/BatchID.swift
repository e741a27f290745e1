/// Which line of an input a result answers: its number and a fingerprint of its bytes and of the
/// model's name.
///
/// Every result carries it, so that a file of results alone says what is left to do, and whether
/// an input is still the one that it was.
package struct BatchID: Hashable, Sendable {
    private static let prefix = "batch_req_"

    /// The number of the line, from 1.
    package let line: Int

    /// The hash of the line's bytes and the model's name.
    package let fingerprint: UInt64

    /// The id of a line that a model is to answer.
    ///
    /// - Parameter fingerprint: a hash of the line's bytes.
    package init(line: Int, fingerprint: UInt64, model: String) {
        self.line = line
        self.fingerprint = model.utf8.reduce(fingerprint) {
            ($0 ^ UInt64($1)) &* 0x100_0000_01B3
        }
    }

    /// Reads what `text` writes.
    package init?(_ text: String) {
        let parts = text.dropFirst(Self.prefix.count).split(separator: "_")
        guard text.hasPrefix(Self.prefix), parts.count == 2, let line = Int(parts[0]), line >= 1,
            parts[1].utf8.count == 16, let fingerprint = UInt64(parts[1], radix: 16)
        else { return nil }
        self.line = line
        self.fingerprint = fingerprint
    }

    /// The id as a result has it: `batch_req_12_00c0ffee00c0ffee`.
    package var text: String { "\(Self.prefix)\(line)_\(suffix)" }

    /// The fingerprint in hexadecimal digits, 16 of them.
    package var suffix: String {
        let digits = String(fingerprint, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// Whether bytes are a beginning of a result's line.
    package static func begins(_ bytes: [UInt8]) -> Bool {
        let start = Array("{\"id\":\"\(prefix)".utf8)
        return bytes.starts(with: start) || start.starts(with: bytes)
    }
}
