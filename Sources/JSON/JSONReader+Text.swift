extension JSONReader {
    /// Reads a string.
    package mutating func string() throws(JSONError) -> String {
        try expect(.string)
        return try readText()
    }

    /// Reads a string and appends its UTF-8 to a buffer: no allocation beyond the buffer's.
    package mutating func string(into buffer: inout [UInt8]) throws(JSONError) {
        try expect(.string)
        try readText(into: &buffer)
    }

    mutating func readText() throws(JSONError) -> String {
        let (range, hasEscapes) = try scanText()
        guard hasEscapes else { return String(decoding: bytes[range], as: UTF8.self) }
        var buffer: [UInt8] = []
        buffer.reserveCapacity(range.count)
        unescape(range, into: &buffer)
        return String(decoding: buffer, as: UTF8.self)
    }

    mutating func readText(into buffer: inout [UInt8]) throws(JSONError) {
        let (range, hasEscapes) = try scanText()
        if hasEscapes {
            unescape(range, into: &buffer)
        } else {
            buffer.append(contentsOf: bytes[range])
        }
    }

    /// Passes over a string, checking it; the range is what lies between the quotes.
    mutating func scanText() throws(JSONError) -> (range: Range<Int>, hasEscapes: Bool) {
        let start = offset + 1
        offset = start
        var hasEscapes = false
        while offset < bytes.count {
            let byte = bytes[offset]
            switch byte {
            case UInt8(ascii: "\""):
                offset += 1
                return (start..<offset - 1, hasEscapes)
            case UInt8(ascii: "\\"):
                hasEscapes = true
                try scanEscape()
            case 0..<0x20: throw unexpected("text without control characters: escape them")
            case 0x20..<0x80: offset += 1
            default: try scanScalar(byte)
            }
        }
        throw error("the text ends inside the string that begins at byte \(start - 1)")
    }

    private mutating func scanEscape() throws(JSONError) {
        offset += 1
        switch try next("an escape") {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
            UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            offset += 1
        case UInt8(ascii: "u"):
            offset += 1
            for _ in 0..<4 {
                guard Self.hexDigit(try next("a hexadecimal digit")) != nil else {
                    throw unexpected("a hexadecimal digit")
                }
                offset += 1
            }
        default: throw unexpected("an escape: one of \" \\ / b f n r t u")
        }
    }

    /// Passes over a scalar beyond ASCII (Unicode standard, table 3-7: well-formed UTF-8).
    private mutating func scanScalar(_ lead: UInt8) throws(JSONError) {
        let length: Int
        var second: ClosedRange<UInt8> = 0x80...0xBF
        switch lead {
        case 0xC2...0xDF: length = 2
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: length = 3
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: length = 4
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        default: throw unexpected("UTF-8 text")
        }
        guard bytes.count - offset >= length, second.contains(bytes[offset + 1]) else {
            throw unexpected("UTF-8 text")
        }
        for index in 2..<max(length, 2) where bytes[offset + index] & 0xC0 != 0x80 {
            throw unexpected("UTF-8 text")
        }
        offset += length
    }

    /// Appends text that `scanText` has checked, with its escapes resolved.
    private func unescape(_ range: Range<Int>, into buffer: inout [UInt8]) {
        var at = range.lowerBound
        while at < range.upperBound {
            guard bytes[at] == UInt8(ascii: "\\") else {
                buffer.append(bytes[at])
                at += 1
                continue
            }
            let escape = bytes[at + 1]
            at += 2
            switch escape {
            case UInt8(ascii: "b"): buffer.append(0x08)
            case UInt8(ascii: "f"): buffer.append(0x0C)
            case UInt8(ascii: "n"): buffer.append(0x0A)
            case UInt8(ascii: "r"): buffer.append(0x0D)
            case UInt8(ascii: "t"): buffer.append(0x09)
            case UInt8(ascii: "u"):
                let scalar = escapedScalar(at: &at, end: range.upperBound)
                buffer.append(contentsOf: String(Character(scalar)).utf8)
            default: buffer.append(escape)
            }
        }
    }

    /// The scalar of `\uHHHH` with its digits at `at`, or of a surrogate pair of two such escapes.
    private func escapedScalar(at: inout Int, end: Int) -> Unicode.Scalar {
        let first = codeUnit(at: at)
        at += 4
        if let scalar = Unicode.Scalar(first) { return scalar }
        let replacement: Unicode.Scalar = "\u{FFFD}"
        guard first < 0xDC00, at + 6 <= end, bytes[at] == UInt8(ascii: "\\"),
            bytes[at + 1] == UInt8(ascii: "u")
        else { return replacement }
        let second = codeUnit(at: at + 2)
        guard (0xDC00..<0xE000).contains(second) else { return replacement }
        at += 6
        return Unicode.Scalar(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00))
            ?? replacement
    }

    private func codeUnit(at start: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 << 4 | UInt32(Self.hexDigit(bytes[start + $1]) ?? 0) }
    }

    private static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
