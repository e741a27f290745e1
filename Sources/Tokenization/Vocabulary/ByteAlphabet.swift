/// The printable characters that byte-level BPE writes bytes as (GPT-2's `bytes_to_unicode`):
/// printable Latin-1 characters stand for themselves, the other 68 bytes are U+0100...U+0143.
enum ByteAlphabet {
    /// The scalar of each byte.
    static let scalars: [UInt16] = {
        var next: UInt16 = 0x100
        return (0..<256).map { byte in
            switch byte {
            case 0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF: return UInt16(byte)
            default:
                defer { next += 1 }
                return next
            }
        }
    }()

    /// The byte of each scalar below 0x144, or -1.
    static let bytes: [Int16] = {
        var bytes = [Int16](repeating: -1, count: 0x144)
        for (byte, scalar) in scalars.enumerated() { bytes[Int(scalar)] = Int16(byte) }
        return bytes
    }()

    /// The UTF-8 text of a byte's character.
    static func text(of byte: UInt8) -> [UInt8] {
        let scalar = scalars[Int(byte)]
        if scalar < 0x80 { return [UInt8(scalar)] }
        return [0xC0 | UInt8(scalar >> 6), 0x80 | UInt8(scalar & 0x3F)]
    }

    /// Appends the bytes that `text` stands for, or nothing if a character is not of the alphabet.
    static func append(_ text: Span<UInt8>, to output: inout [UInt8]) -> Bool {
        let start = output.count
        var index = 0
        while index < text.count {
            var scalar = Int(text[index])
            index += 1
            if scalar >= 0x80 {
                guard scalar & 0xE0 == 0xC0, index < text.count, text[index] & 0xC0 == 0x80 else {
                    output.removeLast(output.count - start)
                    return false
                }
                scalar = (scalar & 0x1F) << 6 | Int(text[index] & 0x3F)
                index += 1
            }
            guard scalar < bytes.count, bytes[scalar] >= 0 else {
                output.removeLast(output.count - start)
                return false
            }
            output.append(UInt8(bytes[scalar]))
        }
        return true
    }
}
