/// Turns the bytes of a terminal in raw mode into keys, one byte after another.
///
/// Bytes may come in any portions: what a portion leaves unfinished is kept for the next.
struct KeyDecoder {
    private enum State {
        case ground
        case escape
        /// After `ESC [` or `ESC O`, with the parameter bytes so far.
        case sequence([UInt8])
        /// A character of UTF-8, with the bytes that are still missing.
        case utf8([UInt8], missing: Int)
        case paste([UInt8])
    }

    private static let endOfPaste = Array("\u{1B}[201~".utf8)

    private var state = State.ground

    /// Whether the last byte was ESC: a key of its own if nothing follows it soon.
    var holdsEscape: Bool {
        if case .escape = state { true } else { false }
    }

    /// The key that this byte completes; nil if it completes none, or one without a meaning.
    mutating func feed(_ byte: UInt8) -> Key? {
        switch state {
        case .ground: return begin(byte)
        case .escape: return afterEscape(byte)
        case .sequence(let parameters): return continueSequence(parameters, byte)
        case .utf8(let bytes, let missing): return continueCharacter(bytes, missing, byte)
        case .paste(var bytes):
            // Taken out of the state meanwhile, so that the array is not copied at every byte.
            state = .ground
            return continuePaste(&bytes, byte)
        }
    }

    /// The Escape key, if that is all that came.
    mutating func flush() -> Key? {
        guard holdsEscape else { return nil }
        state = .ground
        return .escape
    }

    private mutating func begin(_ byte: UInt8) -> Key? {
        switch byte {
        case 0x1B:
            state = .escape
            return nil
        case 0..<0x20, 0x7F: return KeyTable.control(byte)
        case 0x20..<0x7F: return .character(Character(Unicode.Scalar(byte)))
        case 0xC2..<0xE0: state = .utf8([byte], missing: 1)
        case 0xE0..<0xF0: state = .utf8([byte], missing: 2)
        case 0xF0..<0xF5: state = .utf8([byte], missing: 3)
        default: break
        }
        return nil
    }

    private mutating func afterEscape(_ byte: UInt8) -> Key? {
        switch byte {
        case UInt8(ascii: "["), UInt8(ascii: "O"):
            state = .sequence([])
            return nil
        case 0x1B: return nil
        default:
            state = .ground
            return KeyTable.alt(byte)
        }
    }

    /// A sequence ends with a byte from @ to ~.
    private mutating func continueSequence(_ parameters: [UInt8], _ byte: UInt8) -> Key? {
        state = .ground
        guard (0x20..<0x7F).contains(byte) else { return begin(byte) }
        guard byte >= 0x40 else {
            let isWhole = parameters.count < LineEditorLimits.sequenceBytes
            state = .sequence(isWhole ? parameters + [byte] : parameters)
            return nil
        }
        let digits = String(decoding: parameters, as: UTF8.self)
        if byte == UInt8(ascii: "~"), digits == "200" {
            state = .paste([])
            return nil
        }
        return KeyTable.sequence(final: byte, digits)
    }

    private mutating func continueCharacter(
        _ bytes: [UInt8], _ missing: Int, _ byte: UInt8
    ) -> Key? {
        state = .ground
        guard byte & 0xC0 == 0x80 else { return begin(byte) }
        let bytes = bytes + [byte]
        guard missing == 1 else {
            state = .utf8(bytes, missing: missing - 1)
            return nil
        }
        return String(validating: bytes, as: UTF8.self)?.first.map(Key.character)
    }

    private mutating func continuePaste(_ bytes: inout [UInt8], _ byte: UInt8) -> Key? {
        bytes.append(byte)
        if byte == Self.endOfPaste.last, bytes.suffix(Self.endOfPaste.count) == Self.endOfPaste[...]
        {
            bytes.removeLast(Self.endOfPaste.count)
            return .paste(String(decoding: bytes, as: UTF8.self))
        }
        if bytes.count > LineEditorLimits.pasteBytes { bytes.removeFirst(bytes.count / 2) }
        state = .paste(bytes)
        return nil
    }
}
