import FoundationEssentials
import Tensors

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
        guard text.unicodeScalars.contains(where: PlainText.isCommand) else { return text }
        return text.unicodeScalars.reduce(into: "") { result, scalar in
            guard PlainText.isCommand(scalar) else { return result.unicodeScalars.append(scalar) }
            let digits = String(scalar.value, radix: 16)
            result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
    }
}
