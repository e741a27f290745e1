import QuireJSON

/// Reads a call that is written as a JSON object, whatever else is in it and in whatever order.
struct ObjectCallReader: Hashable, Sendable {
    private enum Place: Hashable {
        case start, value, key, colon, next
    }

    private let shape: CallFormat.ObjectShape
    /// The tool's name and the call's id, once they were read.
    private(set) var name: String?
    private(set) var id: String?

    private var place = Place.start
    /// The keys from the outside in; of a list "[".
    private var path: [String] = []
    private var key = ""
    private var arguments: JSONArgumentReader?
    /// Whether the arguments are being read, and whether they are in a string.
    private var isInArguments = false
    private var isInText = false
    private var escape: [UInt8] = []
    /// The half of a pair of UTF-16 units that an escape gave.
    private var highHalf: UInt32?
    /// A string, number or word that is not whole.
    private var partial: [UInt8] = []
    private var isInString = false

    init(_ shape: CallFormat.ObjectShape) { self.shape = shape }

    /// What makes an object of the arguments that were passed on.
    var closing: String { arguments?.closing ?? "{}" }

    /// The arguments that can be passed on.
    mutating func take() -> String { arguments?.take() ?? "" }

    /// Whether the object has had arguments.
    var hasArguments: Bool { arguments != nil }

    /// Reads the next byte.
    mutating func read(_ byte: UInt8) -> JSONArgumentReader.Progress {
        if isInArguments { return isInText ? readText(byte) : readArguments(byte) }
        if isInString { return readString(byte) }
        if !partial.isEmpty {
            guard ![0x2C, 0x7D, 0x5D].contains(byte), !Marker.isSpace(byte) else {
                partial = []
                place = .next
                return read(byte)
            }
            partial.append(byte)
            return partial.count <= TemplateLimits.numberBytes ? .more : .broken
        }
        if Marker.isSpace(byte) { return .more }
        return readStructure(byte)
    }

    private mutating func readStructure(_ byte: UInt8) -> JSONArgumentReader.Progress {
        let isList = path.last == "["
        switch (byte, place) {
        case (UInt8(ascii: "{"), .start):
            path.append("")
            place = .key
        case (UInt8(ascii: "}"), .key), (UInt8(ascii: "}"), .next):
            guard !isList, path.popLast() != nil else { return .broken }
            place = .next
            return path.isEmpty ? .complete : .more
        case (UInt8(ascii: "]"), .value), (UInt8(ascii: "]"), .next):
            guard isList else { return .broken }
            path.removeLast()
            place = .next
        case (UInt8(ascii: ","), .next): place = isList ? .value : .key
        case (UInt8(ascii: ":"), .colon): place = .value
        case (UInt8(ascii: "\""), .key): isInString = true
        case (_, .value): return beginValue(byte)
        default: return .broken
        }
        return .more
    }

    /// The path of the value that begins.
    private var here: [String] { path.dropFirst() + [key] }

    private var isArguments: Bool {
        guard path.last != "[", arguments == nil else { return false }
        // Where the name is the key, the first object within is the arguments.
        return shape.name == nil ? here.count == shape.arguments.count + 1 : here == shape.arguments
    }

    private mutating func beginValue(_ byte: UInt8) -> JSONArgumentReader.Progress {
        guard path.count < TemplateLimits.valueDepth else { return .broken }
        switch byte {
        case UInt8(ascii: "{"), UInt8(ascii: "\""):
            guard !isArguments else {
                if shape.name == nil { name = key }
                arguments = JSONArgumentReader()
                isInArguments = true
                isInText = byte == UInt8(ascii: "\"")
                return isInText ? .more : readArguments(byte)
            }
            if byte == UInt8(ascii: "\"") {
                isInString = true
            } else {
                path.append(key)
                place = .key
            }
        case UInt8(ascii: "["): path.append("[")
        default: partial = [byte]
        }
        return .more
    }

    private mutating func readArguments(_ byte: UInt8) -> JSONArgumentReader.Progress {
        guard let progress = arguments?.read(byte), progress != .broken else { return .broken }
        if progress == .complete {
            isInArguments = false
            place = .next
        }
        return .more
    }

    /// Arguments in a string: its characters are the object's.
    private mutating func readText(_ byte: UInt8) -> JSONArgumentReader.Progress {
        if !escape.isEmpty {
            escape.append(byte)
            guard escape.count == (escape[1] == UInt8(ascii: "u") ? 6 : 2) else { return .more }
            return unescape()
        }
        switch byte {
        case UInt8(ascii: "\\"):
            escape = [byte]
            return .more
        case UInt8(ascii: "\""):
            isInArguments = false
            isInText = false
            place = .next
            return .more
        default: return pass([byte])
        }
    }

    private mutating func pass(_ bytes: [UInt8]) -> JSONArgumentReader.Progress {
        for byte in bytes where arguments?.read(byte) == .broken { return .broken }
        return .more
    }

    private mutating func unescape() -> JSONArgumentReader.Progress {
        defer { escape = [] }
        let simple: [UInt8: UInt8] = [
            0x6E: 0x0A, 0x74: 0x09, 0x72: 0x0D, 0x62: 0x08, 0x66: 0x0C, 0x22: 0x22, 0x5C: 0x5C,
            0x2F: 0x2F,
        ]
        if let byte = simple[escape[1]] { return pass([byte]) }
        guard let unit = UInt32(String(decoding: escape.dropFirst(2), as: UTF8.self), radix: 16)
        else { return .broken }
        if (0xD800..<0xDC00).contains(unit) {
            highHalf = unit
            return .more
        }
        var value = unit
        if let high = highHalf, (0xDC00..<0xE000).contains(unit) {
            value = 0x10000 + (high - 0xD800) << 10 + (unit - 0xDC00)
        }
        highHalf = nil
        let scalar = Unicode.Scalar(value) ?? "\u{FFFD}"
        return pass(Array(String(Character(scalar)).utf8))
    }

    private mutating func readString(_ byte: UInt8) -> JSONArgumentReader.Progress {
        let isEscaped = partial.last == UInt8(ascii: "\\") && !Self.isEven(partial)
        guard byte == UInt8(ascii: "\""), !isEscaped else {
            partial.append(byte)
            return partial.count <= TemplateLimits.textCharacters ? .more : .broken
        }
        let quoted = [byte] + partial + [byte]
        guard let text = (try? JSONValue(parsing: quoted))?.string else { return .broken }
        partial = []
        isInString = false
        if place == .key {
            key = text
            place = .colon
        } else {
            if path.last != "[" {
                if here == shape.name { name = text }
                if let path = shape.id, here == path { id = text }
            }
            place = .next
        }
        return .more
    }

    /// Whether text ends in an even number of backslashes.
    private static func isEven(_ bytes: [UInt8]) -> Bool {
        bytes.reversed().prefix { $0 == UInt8(ascii: "\\") }.count % 2 == 0
    }
}
