/// Takes the text of a freeform tool out of the arguments of the function that stands for it:
/// `{"input": "..."}`, as it comes.
///
/// Where a model wrote something else, that is the tool's text as it stands.
struct FreeformInput {
    /// The name of the function's only argument.
    static let argument = "input"

    /// Scalars that may come before the text begins; a model that writes more writes no object.
    private static let maxHeld = 256

    private enum State {
        case before
        case inside
        case after
        case raw
    }

    private var state = State.before
    /// What may be the beginning of the object.
    private var held = ""
    private var heldCount = 0
    /// An escape that has begun, without its backslash.
    private var escape: String?
    /// The first half of a character that two escapes make.
    private var highSurrogate: UInt32?

    /// The text that more of the arguments brings.
    mutating func append(_ arguments: String) -> String {
        var text = ""
        for scalar in arguments.unicodeScalars { take(scalar, &text) }
        return text
    }

    /// What is left when the arguments end.
    mutating func end() -> String {
        var text = ""
        if state == .before { text = held }
        if state == .inside {
            flushSurrogate(&text)
            escape = nil
        }
        state = .after
        return text
    }

    /// The text of whole arguments.
    static func text(of arguments: String) -> String {
        var input = FreeformInput()
        return input.append(arguments) + input.end()
    }

    private mutating func take(_ scalar: Unicode.Scalar, _ text: inout String) {
        switch state {
        case .before:
            held.unicodeScalars.append(scalar)
            heldCount += 1
            switch heldCount > Self.maxHeld ? .none : Self.match(held) {
            case .whole: state = .inside
            case .beginning: break
            case .none:
                state = .raw
                text += held
            }
        case .inside: takeInside(scalar, &text)
        case .after: break
        case .raw: text.unicodeScalars.append(scalar)
        }
    }

    private enum Match {
        case whole
        case beginning
        case none
    }

    /// Whether a text is a beginning of `{"input": "`, with any white space.
    private static func match(_ text: String) -> Match {
        let pieces = ["{", "\"\(argument)\"", ":", "\""]
        var rest = Substring(text)
        for piece in pieces {
            rest = rest.drop { $0.isWhitespace }
            if rest.isEmpty { return .beginning }
            guard rest.hasPrefix(piece) else {
                return piece.hasPrefix(rest) ? .beginning : .none
            }
            rest = rest.dropFirst(piece.count)
        }
        return .whole
    }

    private mutating func takeInside(_ scalar: Unicode.Scalar, _ text: inout String) {
        guard let begun = escape else {
            switch scalar {
            case "\\": escape = ""
            case "\"":
                flushSurrogate(&text)
                state = .after
            default:
                flushSurrogate(&text)
                text.unicodeScalars.append(scalar)
            }
            return
        }
        if begun.isEmpty, scalar != "u" {
            escape = nil
            flushSurrogate(&text)
            text.unicodeScalars.append(Self.simpleEscapes[scalar] ?? scalar)
            return
        }
        let digits = begun + String(scalar)
        guard digits.utf8.count == 5 else {
            escape = digits
            return
        }
        escape = nil
        takeUnit(UInt32(digits.dropFirst(), radix: 16) ?? 0xFFFD, &text)
    }

    private mutating func takeUnit(_ unit: UInt32, _ text: inout String) {
        if let high = highSurrogate, 0xDC00...0xDFFF ~= unit {
            highSurrogate = nil
            let value = 0x10000 + (high - 0xD800) << 10 + (unit - 0xDC00)
            text.unicodeScalars.append(Unicode.Scalar(value) ?? "\u{FFFD}")
            return
        }
        flushSurrogate(&text)
        if 0xD800...0xDBFF ~= unit {
            highSurrogate = unit
        } else {
            text.unicodeScalars.append(Unicode.Scalar(unit) ?? "\u{FFFD}")
        }
    }

    private mutating func flushSurrogate(_ text: inout String) {
        if highSurrogate != nil { text += "\u{FFFD}" }
        highSurrogate = nil
    }

    private static let simpleEscapes: [Unicode.Scalar: Unicode.Scalar] = [
        "n": "\n", "t": "\t", "r": "\r", "b": "\u{8}", "f": "\u{C}",
    ]
}
