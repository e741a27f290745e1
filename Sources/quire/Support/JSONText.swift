import FoundationEssentials

/// JSON for stdout.
enum JSONText {
    /// A value on one line, keys in order.
    static func line(_ value: some Encodable) throws -> String {
        try text(value, formatting: [.sortedKeys, .withoutEscapingSlashes])
    }

    /// A value over several lines, keys in order.
    static func pretty(
        _ value: some Encodable, keys: JSONEncoder.KeyEncodingStrategy = .useDefaultKeys
    ) throws -> String {
        try text(
            value, formatting: [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes], keys: keys)
    }

    private static func text(
        _ value: some Encodable, formatting: JSONEncoder.OutputFormatting,
        keys: JSONEncoder.KeyEncodingStrategy = .useDefaultKeys
    ) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = formatting
        encoder.keyEncodingStrategy = keys
        // JSON leaves these as they are; a terminal may not.
        let text = String(decoding: try encoder.encode(value), as: UTF8.self)
        guard text.unicodeScalars.contains(where: isCommand) else { return text }
        return text.unicodeScalars.reduce(into: "") { result, scalar in
            guard isCommand(scalar) else { return result.unicodeScalars.append(scalar) }
            let digits = String(scalar.value, radix: 16)
            result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
    }

    /// Control characters that JSON does not escape, and those that turn the direction of writing.
    private static func isCommand(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x7F...0x9F, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}
