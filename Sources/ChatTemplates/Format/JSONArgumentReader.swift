/// Passes a JSON object on while it is written, never further than it could be closed.
///
/// What it gives, with `closing` behind it, is an object at any time: keys wait for their values,
/// and numbers, words and escapes until they are whole.
struct JSONArgumentReader: Hashable, Sendable {
    /// What a byte did.
    enum Progress: Hashable {
        /// The object goes on.
        case more
        /// It is complete.
        case complete
        /// This is no object.
        case broken
    }

    private enum Place: Hashable {
        case start, value, valueOrEnd, key, keyOrEnd, colon, next
    }

    /// What can be passed on.
    private(set) var output: [UInt8] = []
    private var place = Place.start
    /// What is open: `{` or `[`.
    private var open: [UInt8] = []
    /// What waits for a value.
    private var waiting: [UInt8] = []
    /// A number or a word, or an escape, that is not whole.
    private var partial: [UInt8] = []
    private var isInString = false
    private var isKey = false
    private var isInWord = false

    /// Takes what can be passed on.
    mutating func take() -> String {
        defer { output.removeAll(keepingCapacity: true) }
        return String(decoding: output, as: UTF8.self)
    }

    /// What makes an object of all that was passed on.
    var closing: String {
        guard place != .start else { return "{}" }
        var text = isInString && !isKey ? "\"" : ""
        for bracket in open.reversed() { text += bracket == UInt8(ascii: "{") ? "}" : "]" }
        return text
    }

    /// Reads the next byte.
    mutating func read(_ byte: UInt8) -> Progress {
        if isInString { return readInString(byte) }
        if isInWord {
            guard ![0x2C, 0x7D, 0x5D].contains(byte), !Marker.isSpace(byte) else {
                isInWord = false
                output += waiting + partial
                waiting = []
                partial = []
                place = .next
                return read(byte)
            }
            partial.append(byte)
            return partial.count <= TemplateLimits.numberBytes ? .more : .broken
        }
        if Marker.isSpace(byte) {
            if place != .start { waiting.append(byte) }
            return .more
        }
        return readStructure(byte)
    }

    private mutating func readStructure(_ byte: UInt8) -> Progress {
        switch (byte, place) {
        case (UInt8(ascii: "{"), .start), (UInt8(ascii: "{"), .value),
            (UInt8(ascii: "{"), .valueOrEnd):
            return push(byte, .keyOrEnd)
        case (UInt8(ascii: "["), .value), (UInt8(ascii: "["), .valueOrEnd):
            return push(byte, .valueOrEnd)
        case (UInt8(ascii: "}"), .keyOrEnd), (UInt8(ascii: "}"), .next):
            return pop(byte, UInt8(ascii: "{"))
        case (UInt8(ascii: "]"), .valueOrEnd), (UInt8(ascii: "]"), .next):
            return pop(byte, UInt8(ascii: "["))
        case (UInt8(ascii: ","), .next):
            waiting.append(byte)
            place = open.last == UInt8(ascii: "{") ? .key : .value
        case (UInt8(ascii: ":"), .colon):
            waiting.append(byte)
            place = .value
        case (UInt8(ascii: "\""), .key), (UInt8(ascii: "\""), .keyOrEnd):
            waiting.append(byte)
            isInString = true
            isKey = true
        case (UInt8(ascii: "\""), .value), (UInt8(ascii: "\""), .valueOrEnd):
            output += waiting
            output.append(byte)
            waiting = []
            isInString = true
            isKey = false
        case (_, .value), (_, .valueOrEnd):
            guard Self.beginsWord(byte) else { return .broken }
            isInWord = true
            partial = [byte]
        default: return .broken
        }
        return .more
    }

    private static func beginsWord(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "-") || (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte)
            || (0x41...0x5A).contains(byte)
    }

    private mutating func push(_ byte: UInt8, _ next: Place) -> Progress {
        guard open.count < TemplateLimits.valueDepth else { return .broken }
        output += waiting
        output.append(byte)
        waiting = []
        open.append(byte)
        place = next
        return .more
    }

    private mutating func pop(_ byte: UInt8, _ bracket: UInt8) -> Progress {
        guard open.popLast() == bracket else { return .broken }
        output += waiting
        output.append(byte)
        waiting = []
        place = .next
        return open.isEmpty ? .complete : .more
    }

    private mutating func readInString(_ byte: UInt8) -> Progress {
        if !partial.isEmpty {
            partial.append(byte)
            let isWhole = partial.count == (partial[1] == UInt8(ascii: "u") ? 6 : 2)
            if isWhole { flushEscape() }
            return .more
        }
        switch byte {
        case UInt8(ascii: "\\"): partial = [byte]
        case UInt8(ascii: "\""):
            write([byte])
            isInString = false
            place = isKey ? .colon : .next
        default: write([byte])
        }
        return .more
    }

    private mutating func flushEscape() {
        write(partial)
        partial = []
    }

    private mutating func write(_ bytes: [UInt8]) {
        if isKey { waiting += bytes } else { output += bytes }
    }
}
