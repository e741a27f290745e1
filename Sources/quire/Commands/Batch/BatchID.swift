/// Which line of an input a result answers: its number and a fingerprint of its bytes and of the
/// model's name.
///
/// Every result carries it, so that a file of results alone says what is left to do, and whether
/// an input is still the one that it was.
struct BatchID: Hashable {
    private static let prefix = "batch_req_"

    let line: Int
    let fingerprint: UInt64

    /// The id of a line that a model is to answer.
    init(_ line: LineReader.Line, model: String) {
        self.line = line.number
        fingerprint = model.utf8.reduce(line.fingerprint) {
            ($0 ^ UInt64($1)) &* 0x100_0000_01B3
        }
    }

    /// Reads what `text` writes.
    init?(_ text: String) {
        let parts = text.dropFirst(Self.prefix.count).split(separator: "_")
        guard text.hasPrefix(Self.prefix), parts.count == 2, let line = Int(parts[0]), line >= 1,
            parts[1].utf8.count == 16, let fingerprint = UInt64(parts[1], radix: 16)
        else { return nil }
        self.line = line
        self.fingerprint = fingerprint
    }

    /// The id as a result has it: `batch_req_12_00c0ffee00c0ffee`.
    var text: String { "\(Self.prefix)\(line)_\(suffix)" }

    /// The fingerprint in hexadecimal digits, 16 of them.
    var suffix: String {
        let digits = String(fingerprint, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// Whether bytes are a beginning of a result's line.
    static func begins(_ bytes: [UInt8]) -> Bool {
        let start = Array("{\"id\":\"\(prefix)".utf8)
        return bytes.starts(with: start) || start.starts(with: bytes)
    }
}
