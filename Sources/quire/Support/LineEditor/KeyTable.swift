/// What single bytes and escape sequences mean.
enum KeyTable {
    /// The meaning of a control byte.
    static func control(_ byte: UInt8) -> Key? {
        switch byte {
        case 0x01: .home
        case 0x02: .left
        case 0x03: .interrupt
        case 0x04: .deleteOrEnd
        case 0x05: .end
        case 0x06: .right
        case 0x07: .abort
        case 0x08, 0x7F: .backspace
        case 0x09: .character("\t")
        case 0x0A, 0x0D: .enter
        case 0x0B: .killToEnd
        case 0x0C: .clearScreen
        case 0x0E: .down
        case 0x10: .up
        case 0x12: .search
        case 0x13: .searchForward
        case 0x15: .killLine
        case 0x17: .killBlankWord
        case 0x19: .yank
        case 0x1A: .suspend
        default: nil
        }
    }

    /// The meaning of a key that is pressed together with Alt.
    static func alt(_ byte: UInt8) -> Key? {
        switch byte {
        case UInt8(ascii: "b"), UInt8(ascii: "B"): .wordLeft
        case UInt8(ascii: "f"), UInt8(ascii: "F"): .wordRight
        case UInt8(ascii: "d"), UInt8(ascii: "D"): .killWordRight
        case 0x08, 0x7F: .killWordLeft
        case 0x0A, 0x0D: .newline
        default: nil
        }
    }

    /// The meaning of `ESC [ digits final` or `ESC O final`.
    static func sequence(final: UInt8, _ digits: String) -> Key? {
        // `1;5` is Ctrl, `1;3` Alt, `1;9` the Alt of some terminals.
        let jumps = ["1;3", "1;5", "1;9"].contains(digits)
        switch (final, digits) {
        case (UInt8(ascii: "A"), _): return .up
        case (UInt8(ascii: "B"), _): return .down
        case (UInt8(ascii: "C"), _): return jumps ? .wordRight : .right
        case (UInt8(ascii: "D"), _): return jumps ? .wordLeft : .left
        case (UInt8(ascii: "H"), _), (UInt8(ascii: "~"), "1"), (UInt8(ascii: "~"), "7"):
            return .home
        case (UInt8(ascii: "F"), _), (UInt8(ascii: "~"), "4"), (UInt8(ascii: "~"), "8"):
            return .end
        case (UInt8(ascii: "~"), "3"): return .delete
        case (UInt8(ascii: "~"), "3;3"), (UInt8(ascii: "~"), "3;5"): return .killWordRight
        default: return nil
        }
    }
}
