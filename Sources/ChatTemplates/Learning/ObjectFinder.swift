import QuireJSON

/// Finds JSON in the text of an answer.
struct ObjectFinder {
    let call: ToolCall
    let name: String
    let bytes: [UInt8]

    /// The smallest object with the call's name, arguments, and its id where it is written.
    func find() -> FormatLearner.CallPlace? {
        guard let place = Bytes.find(name, in: bytes) else { return nil }
        let hasID = Bytes.find(call.id, in: bytes) != nil
        var best: FormatLearner.CallPlace?
        for start in (0..<place.lowerBound).reversed() where bytes[start] == UInt8(ascii: "{") {
            guard let end = Self.end(of: start, in: bytes),
                let value = try? JSONValue(parsing: Array(bytes[start..<end])),
                let shape = shape(value)
            else { continue }
            let found = FormatLearner.CallPlace(range: start..<end, shape: shape)
            if shape.id != nil || !hasID { return found }
            best = best ?? found
        }
        return best
    }

    private func shape(_ value: JSONValue) -> CallFormat.ObjectShape? {
        let wanted = try? JSONValue(parsing: Array(call.arguments.utf8))
        var shape = CallFormat.ObjectShape(arguments: [])
        var arguments: [String]?
        Self.visit(value, []) { path, value in
            if value.string == name { shape.name = path }
            if value.string == call.id { shape.id = path }
            if arguments == nil, value == wanted { arguments = path }
            if arguments == nil, let text = value.string,
                let inner = try? JSONValue(parsing: Array(text.utf8)), inner == wanted
            {
                arguments = path
                shape.isText = true
            }
        }
        guard let arguments else { return nil }
        shape.arguments = arguments
        if shape.name == nil {
            guard arguments.last == name else { return nil }
            shape.arguments = arguments.dropLast()
        }
        return shape
    }

    private static func visit(
        _ value: JSONValue, _ path: [String], _ body: ([String], JSONValue) -> Void
    ) {
        body(path, value)
        for member in value.members ?? [] { visit(member.value, path + [member.key], body) }
    }

    /// The arguments as an object, not before `start`.
    static func arguments(_ text: String, in bytes: [UInt8], from start: Int) -> Range<Int>? {
        let wanted = try? JSONValue(parsing: Array(text.utf8))
        for place in start..<bytes.count where bytes[place] == UInt8(ascii: "{") {
            if let end = end(of: place, in: bytes),
                let value = try? JSONValue(parsing: Array(bytes[place..<end])), value == wanted
            {
                return place..<end
            }
        }
        return nil
    }

    /// The end of the object that begins at a place, strings in it passed over.
    static func end(of start: Int, in bytes: [UInt8]) -> Int? {
        var depth = 0
        var isInString = false
        var isEscaped = false
        for place in start..<bytes.count {
            let byte = bytes[place]
            if isInString {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isInString = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isInString = true
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
