import FoundationEssentials

/// JSON for stdout.
enum JSONText {
    /// A value on one line, keys in order.
    static func line(_ value: some Encodable) throws -> String {
        try text(value, formatting: [.sortedKeys, .withoutEscapingSlashes])
    }

    /// A value over several lines, keys in order.
    static func pretty(_ value: some Encodable) throws -> String {
        try text(value, formatting: [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes])
    }

    private static func text(
        _ value: some Encodable, formatting: JSONEncoder.OutputFormatting
    ) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = formatting
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
