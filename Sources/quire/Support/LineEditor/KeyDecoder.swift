/// Turns the bytes of a terminal in raw mode into keys.
struct KeyDecoder {
    private let nextByte: () -> UInt8?

    /// A decoder over a source of bytes, nil at its end.
    init(_ nextByte: @escaping () -> UInt8?) {
        self.nextByte = nextByte
    }

    /// The next key.
    func next() -> Key {
        guard let byte = nextByte() else { return .endOfInput }
        switch byte {
        case 0x01: return .home
        case 0x02: return .left
        case 0x03: return .interrupt
        case 0x04: return .endOfInput
        case 0x05: return .end
        case 0x06: return .right
        case 0x08, 0x7F: return .backspace
        case 0x0A, 0x0D: return .enter
        case 0x0B: return .killToEnd
        case 0x0E: return .down
        case 0x10: return .up
        case 0x15: return .killLine
        case 0x17: return .killWord
        case 0x1B: return escape()
        case 0x09: return .character("\t")
        case 0..<0x20: return .ignored
        default: return character(byte)
        }
    }

    /// The rest of an escape sequence: `ESC [ letter`, `ESC O letter` or `ESC [ digits ~`.
    private func escape() -> Key {
        guard let opener = nextByte(), opener == UInt8(ascii: "[") || opener == UInt8(ascii: "O")
        else { return .ignored }
        var digits: [UInt8] = []
        // A sequence ends with a byte from @ to ~; eight parameter bytes are more than any has.
        for _ in 0..<8 {
            guard let byte = nextByte() else { return .endOfInput }
            guard (0x40...0x7E).contains(byte) else {
                digits.append(byte)
                continue
            }
            return meaning(of: byte, String(decoding: digits, as: UTF8.self))
        }
        return .ignored
    }

    private func meaning(of final: UInt8, _ digits: String) -> Key {
        switch (final, digits) {
        case (UInt8(ascii: "A"), _): .up
        case (UInt8(ascii: "B"), _): .down
        case (UInt8(ascii: "C"), _): .right
        case (UInt8(ascii: "D"), _): .left
        case (UInt8(ascii: "H"), _), (UInt8(ascii: "~"), "1"), (UInt8(ascii: "~"), "7"): .home
        case (UInt8(ascii: "F"), _), (UInt8(ascii: "~"), "4"), (UInt8(ascii: "~"), "8"): .end
        case (UInt8(ascii: "~"), "3"): .delete
        default: .ignored
        }
    }

    /// The character that a UTF-8 lead byte begins.
    private func character(_ lead: UInt8) -> Key {
        let more: Int
        switch lead {
        case 0x20..<0x80: more = 0
        case 0xC2..<0xE0: more = 1
        case 0xE0..<0xF0: more = 2
        case 0xF0..<0xF5: more = 3
        default: return .ignored
        }
        var bytes = [lead]
        for _ in 0..<more {
            guard let byte = nextByte() else { return .endOfInput }
            bytes.append(byte)
        }
        guard let text = String(validating: bytes, as: UTF8.self), let first = text.first else {
            return .ignored
        }
        return .character(first)
    }
}
