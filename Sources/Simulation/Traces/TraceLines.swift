/// The lines of a file that have something on them, with their numbers.
///
/// LF and CRLF end a line; a byte order mark before the first is passed over.
struct TraceLines {
    /// A line without its end.
    struct Line {
        /// Its number, from 1.
        let number: Int
        /// Its bytes.
        let bytes: ArraySlice<UInt8>
    }

    private let bytes: [UInt8]
    private var offset: Int
    private var number = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        offset = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    }

    /// The next line with something on it; nil at the end.
    mutating func next() -> Line? {
        while offset < bytes.count {
            let end = bytes[offset...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
            var line = bytes[offset..<end]
            offset = end + 1
            number += 1
            if line.last == UInt8(ascii: "\r") { line.removeLast() }
            if !line.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) {
                return Line(number: number, bytes: line)
            }
        }
        return nil
    }
}

extension TraceLines.Line {
    /// The fields between commas, without space around them and without one pair of quotes.
    ///
    /// - Throws: `TraceError` for a quote that does not end.
    func fields() throws(TraceError) -> [String] {
        var fields: [String] = []
        var field: [UInt8] = []
        var isQuoted = false
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "\""): isQuoted.toggle()
            case UInt8(ascii: ",") where !isQuoted:
                fields.append(Self.trimmed(field))
                field.removeAll(keepingCapacity: true)
            default: field.append(byte)
            }
        }
        guard !isQuoted else { throw TraceError(line: number, "a quote does not end") }
        fields.append(Self.trimmed(field))
        return fields
    }

    private static func trimmed(_ bytes: [UInt8]) -> String {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
        let head = bytes.drop(while: isSpace)
        let tail = head.reversed().prefix(while: isSpace).count
        return String(decoding: head.dropLast(tail), as: UTF8.self)
    }
}
