import QuireJSON

/// What is known of arguments between markers, which become a JSON object.
struct TaggedArguments: Hashable, Sendable {
    /// Where in the arguments the parser is.
    enum Place: Hashable {
        /// Before an argument, or the end of the call.
        case between
        /// In the name of an argument.
        case key
        /// In a value, which is a string or not, or either.
        case value(isString: Bool?)
    }

    var place = Place.between
    /// Arguments so far.
    var count = 0
    /// Of the argument that is being read.
    var key = ""
    /// A value that may be a string or not, until it is complete.
    var value: [UInt8] = []
    /// Whether the string's beginning was told.
    var isOpen = false
    /// Whether whitespace of the marker before a value is passed over.
    var hasBegun = false
    /// Whether the value is character data of XML, which ends as such.
    var isCharacterData = false
    /// Whether the object is complete.
    var isClosed = false

    /// What makes an object of what was told.
    var closing: String {
        guard !isClosed else { return "" }
        if case .value(isString: true) = place, isOpen { return "\"}" }
        return count == 0 ? "{}" : "}"
    }

    /// What comes before a value.
    mutating func opening() -> String {
        defer { count += 1 }
        return (count == 0 ? "{" : ", ") + Self.quoted(key) + ": "
    }

    /// A text in JSON's quotes.
    static func quoted(_ text: String) -> String {
        var writer = JSONWriter()
        writer.string(text)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    /// The inside of a text in JSON's quotes.
    static func escaped(_ text: String) -> String {
        // By bytes: a joiner behind the quote would make one character with it.
        String(decoding: quoted(text).utf8.dropFirst().dropLast(), as: UTF8.self)
    }

    /// A value that is not known to be a string, in JSON.
    static func json(of bytes: [UInt8], isString: Bool?) -> String {
        let text = String(decoding: bytes, as: UTF8.self)
        let trimmed = AnswerParser.trimmed(bytes[...])
        switch try? JSONValue(parsing: bytes) {
        case nil:
            // As templates that print values as Python does write them.
            if isString == false, let json = PythonLiteral.json(of: trimmed) { return json }
            return quoted(text)
        case .string? where isString == nil: return quoted(text)
        default: return trimmed
        }
    }

    /// Whether a schema has an argument be a string: yes, no, or either.
    static func isString(_ key: String, in schema: JSONValue?) -> Bool? {
        guard let property = schema?["properties"]?[key] else { return nil }
        var types: [String] = []
        if let type = property["type"] {
            types = type.string.map { [$0] } ?? type.array?.compactMap(\.string) ?? []
        }
        for choice in property["anyOf"]?.array ?? property["oneOf"]?.array ?? [] {
            if let type = choice["type"]?.string { types.append(type) }
        }
        if types.isEmpty, let values = property["enum"]?.array {
            types = values.map { $0.string == nil ? "other" : "string" }
        }
        guard !types.isEmpty, types.contains("string") else { return types.isEmpty ? nil : false }
        return types.allSatisfy { $0 == "string" } ? true : nil
    }
}
