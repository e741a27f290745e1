import QuireJSON

/// Reads arguments that are written as in a program: `(city='Paris', days=3)`, or
/// `{city:<|"|>Paris<|"|>,days:3}`.
struct LiteralArguments {
    let shape: CallFormat.LiteralShape
    let close: Marker
    let bytes: [UInt8]
    private(set) var place: Int

    init(_ shape: CallFormat.LiteralShape, close: Marker, bytes: [UInt8], from start: Int) {
        self.shape = shape
        self.close = close
        self.bytes = bytes
        place = start
    }

    /// The arguments up to the closing marker, as JSON; nil if they do not go that far.
    mutating func read() -> JSONValue? {
        var members: [JSONValue.Member] = []
        skipSpace()
        while !isAtClose {
            if !members.isEmpty {
                guard take(shape.separator) else { return nil }
                skipSpace()
            }
            guard let key = key(), let value = value(depth: 0) else { return nil }
            members.append(.init(key, value))
            skipSpace()
        }
        return .object(members)
    }

    private var isAtClose: Bool {
        if case .full = close.match(bytes, at: place) { true } else { false }
    }

    private mutating func skipSpace() {
        while place < bytes.count, Marker.isSpace(bytes[place]) { place += 1 }
    }

    private mutating func take(_ marker: Marker) -> Bool {
        skipSpace()
        guard case .full(let end) = marker.match(bytes, at: place) else { return false }
        place = end
        return true
    }

    private mutating func key() -> String? {
        let start = place
        while place < bytes.count, place - start < TemplateLimits.toolName {
            if case .full(let end) = shape.infix.match(bytes, at: place) {
                defer { place = end }
                return AnswerParser.trimmed(bytes[start..<place])
            }
            place += 1
        }
        return nil
    }

    private mutating func value(depth: Int) -> JSONValue? {
        guard depth < TemplateLimits.valueDepth else { return nil }
        skipSpace()
        guard place < bytes.count else { return nil }
        if take(shape.quote) { return string().map { .string($0) } }
        if let value = plain() { return value }
        switch bytes[place] {
        case UInt8(ascii: "["): return list(depth)
        case UInt8(ascii: "{"): return dictionary(depth)
        default: return nil
        }
    }

    /// A string up to the quote that a separator or a bracket follows: others are its own.
    private mutating func string() -> String? {
        let start = place
        while place < bytes.count {
            if case .full(let end) = shape.quote.match(bytes, at: place) {
                let text = String(decoding: bytes[start..<place], as: UTF8.self)
                var copy = self
                copy.place = end
                copy.skipSpace()
                if copy.isAtEndOfValue {
                    place = end
                    return text
                }
            }
            place += 1
        }
        return nil
    }

    private var isAtEndOfValue: Bool {
        guard place < bytes.count else { return false }
        if isAtClose { return true }
        if case .full = shape.separator.match(bytes, at: place) { return true }
        return bytes[place] == UInt8(ascii: "]") || bytes[place] == UInt8(ascii: "}")
    }

    /// A value in JSON or as Python prints it; nil where it is neither.
    private mutating func plain() -> JSONValue? {
        let first = bytes[place]
        var end = place
        if first == UInt8(ascii: "[") || first == UInt8(ascii: "{") {
            guard let found = Self.end(of: place, in: bytes) else { return nil }
            end = found
        } else {
            let ends = Array(",)]}".utf8)
            while end < bytes.count, !ends.contains(bytes[end]), !Marker.isSpace(bytes[end]) {
                if case .full = close.match(bytes, at: end) { break }
                end += 1
            }
        }
        let part = Array(bytes[place..<end])
        var value = try? JSONValue(parsing: part)
        if value == nil, let json = PythonLiteral.json(of: String(decoding: part, as: UTF8.self)) {
            value = try? JSONValue(parsing: Array(json.utf8))
        }
        if value != nil { place = end }
        return value
    }

    private mutating func list(_ depth: Int) -> JSONValue? {
        place += 1
        var elements: [JSONValue] = []
        while !take(Marker("]")) {
            if !elements.isEmpty, !take(shape.separator) { return nil }
            guard let element = value(depth: depth + 1) else { return nil }
            elements.append(element)
        }
        return .array(elements)
    }

    private mutating func dictionary(_ depth: Int) -> JSONValue? {
        place += 1
        var members: [JSONValue.Member] = []
        while !take(Marker("}")) {
            if !members.isEmpty, !take(shape.separator) { return nil }
            skipSpace()
            _ = take(shape.quote)
            guard let name = key(), let value = value(depth: depth + 1) else { return nil }
            members.append(.init(name.dropping(suffix: shape.quote.text), value))
        }
        return .object(members)
    }

    /// The end of a list or an object, strings of either quote passed over.
    private static func end(of start: Int, in bytes: [UInt8]) -> Int? {
        var depth = 0
        var quote: UInt8?
        var isEscaped = false
        for place in start..<bytes.count {
            let byte = bytes[place]
            if let open = quote {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == open {
                    quote = nil
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "'"): quote = byte
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth == 0 { return place + 1 }
            default: break
            }
        }
        return nil
    }
}

extension AnswerParser {
    /// Arguments as in a program: told when they are complete.
    mutating func readLiteral(_ shape: CallFormat.LiteralShape, _ calls: CallFormat) -> Bool {
        if call.tagged.isClosed { return readClose(calls) }
        // Nothing can be complete before there is a closing marker.
        var place = max(position, position + call.searched - calls.close.text.utf8.count)
        var isClosed = false
        while place < buffer.count, !isClosed {
            if case .full = calls.close.match(buffer, at: place) { isClosed = true }
            place += 1
        }
        call.searched = buffer.count - position
        guard isClosed else { return false }
        var reader = LiteralArguments(shape, close: calls.close, bytes: buffer, from: position)
        guard let arguments = reader.read() else { return false }
        position = reader.place
        var writer = JSONWriter()
        writer.value(arguments)
        emit(.callArguments(String(decoding: writer.bytes, as: UTF8.self)))
        call.tagged.isClosed = true
        return true
    }
}
