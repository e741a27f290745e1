import QuireJSON

/// Values as Python prints them: `['a', True, None, {'k': 1.5}]`.
struct PythonLiteral {
    private let characters: [Unicode.Scalar]
    private var place = 0

    /// The same value in JSON; nil for anything else.
    static func json(of text: String) -> String? {
        var reader = PythonLiteral(characters: Array(text.unicodeScalars))
        guard let value = reader.value(depth: 0), reader.place == reader.characters.count else {
            return nil
        }
        var writer = JSONWriter()
        writer.value(value)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private init(characters: [Unicode.Scalar]) { self.characters = characters }

    private var next: Unicode.Scalar? { place < characters.count ? characters[place] : nil }

    private mutating func skipSpace() {
        while let scalar = next, scalar.properties.isWhitespace { place += 1 }
    }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        skipSpace()
        guard next == scalar else { return false }
        place += 1
        return true
    }

    private mutating func value(depth: Int) -> JSONValue? {
        guard depth < TemplateLimits.valueDepth else { return nil }
        skipSpace()
        switch next {
        case "[", "(": return list(depth)
        case "{": return dictionary(depth)
        case "'", "\"": return string().map { .string($0) }
        default: return word()
        }
    }

    private mutating func list(_ depth: Int) -> JSONValue? {
        let end: Unicode.Scalar = next == "[" ? "]" : ")"
        place += 1
        var elements: [JSONValue] = []
        while !take(end) {
            guard let element = value(depth: depth + 1) else { return nil }
            elements.append(element)
            if !take(",") { return take(end) ? .array(elements) : nil }
        }
        return .array(elements)
    }

    private mutating func dictionary(_ depth: Int) -> JSONValue? {
        place += 1
        var members: [JSONValue.Member] = []
        while !take("}") {
            skipSpace()
            guard let key = string(), take(":"), let element = value(depth: depth + 1) else {
                return nil
            }
            members.append(.init(key, element))
            if !take(",") { return take("}") ? .object(members) : nil }
        }
        return .object(members)
    }

    private mutating func string() -> String? {
        guard let quote = next, quote == "'" || quote == "\"" else { return nil }
        place += 1
        var text = String.UnicodeScalarView()
        while let scalar = next {
            place += 1
            if scalar == quote { return String(text) }
            guard scalar == "\\" else {
                text.append(scalar)
                continue
            }
            guard let escaped = escape() else { return nil }
            text.append(escaped)
        }
        return nil
    }

    private mutating func escape() -> Unicode.Scalar? {
        guard let kind = next else { return nil }
        place += 1
        let lengths: [Unicode.Scalar: Int] = ["x": 2, "u": 4, "U": 8]
        guard let length = lengths[kind] else {
            let simple: [Unicode.Scalar: Unicode.Scalar] = [
                "n": "\n", "t": "\t", "r": "\r", "\\": "\\", "'": "'", "\"": "\"",
            ]
            return simple[kind]
        }
        guard place + length <= characters.count else { return nil }
        var digits = String.UnicodeScalarView()
        digits.append(contentsOf: characters[place..<place + length])
        place += length
        return UInt32(String(digits), radix: 16).flatMap(Unicode.Scalar.init)
    }

    private mutating func word() -> JSONValue? {
        let start = place
        while let scalar = next, !",]}): \n\t".unicodeScalars.contains(scalar) { place += 1 }
        var word = String.UnicodeScalarView()
        word.append(contentsOf: characters[start..<place])
        switch String(word) {
        case "True": return .bool(true)
        case "False": return .bool(false)
        case "None": return .null
        case let number: return try? JSONValue(parsing: Array(number.utf8))
        }
    }
}
