/// Writes compact JSON: commas and escapes are the writer's business, the order is the caller's.
///
///     var out = JSONWriter()
///     out.beginObject()
///     out.key("tokens")
///     out.array([1, 2]) { $0.integer($1) }
///     out.endObject()
///     out.text  // {"tokens":[1,2]}
///
/// `"`, `\` and control characters are escaped, everything else is written as it is, in UTF-8. A
/// float that JSON cannot say (NaN, infinity) is written as `null`.
package struct JSONWriter: Sendable {
    /// The UTF-8 written so far.
    package private(set) var bytes: [UInt8] = []

    private var needsComma = false
    private var depth = 0

    /// An empty text.
    package init() {}

    /// The text written so far.
    package var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Begins an object.
    package mutating func beginObject() { begin(UInt8(ascii: "{")) }

    /// Ends the innermost object.
    package mutating func endObject() { end(UInt8(ascii: "}")) }

    /// Begins an array.
    package mutating func beginArray() { begin(UInt8(ascii: "[")) }

    /// Ends the innermost array.
    package mutating func endArray() { end(UInt8(ascii: "]")) }

    /// Writes a key; its value must come next.
    package mutating func key(_ key: String) {
        comma()
        quoted(key)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    /// Writes a string.
    package mutating func string(_ value: String) {
        comma()
        quoted(value)
        needsComma = true
    }

    /// Writes an integer.
    package mutating func integer(_ value: some BinaryInteger) { scalar("\(value)") }

    /// Writes a number in its shortest form that reads back the same; `null` if it is not finite.
    package mutating func double(_ value: Double) { scalar(value.isFinite ? "\(value)" : "null") }

    /// Writes a number in its shortest form that reads back the same; `null` if it is not finite.
    package mutating func float(_ value: Float) { scalar(value.isFinite ? "\(value)" : "null") }

    /// Writes `true` or `false`.
    package mutating func bool(_ value: Bool) { scalar(value ? "true" : "false") }

    /// Writes `null`.
    package mutating func null() { scalar("null") }

    /// Writes an array, each element by `write`.
    package mutating func array<Element>(
        _ elements: some Sequence<Element>, _ write: (inout JSONWriter, Element) -> Void
    ) {
        beginArray()
        for element in elements { write(&self, element) }
        endArray()
    }

    /// Writes a tree.
    package mutating func value(_ value: JSONValue) {
        switch value {
        case .null: null()
        case .bool(let value): bool(value)
        case .integer(let value): integer(value)
        case .number(let value): double(value)
        case .string(let value): string(value)
        case .array(let elements): array(elements) { $0.value($1) }
        case .object(let members):
            beginObject()
            for member in members {
                key(member.key)
                self.value(member.value)
            }
            endObject()
        }
    }
}

extension JSONWriter {
    private mutating func comma() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
    }

    private mutating func scalar(_ text: String) {
        comma()
        bytes.append(contentsOf: text.utf8)
        needsComma = true
    }

    private mutating func begin(_ bracket: UInt8) {
        comma()
        bytes.append(bracket)
        needsComma = false
        depth += 1
    }

    private mutating func end(_ bracket: UInt8) {
        precondition(depth > 0, "an end without a beginning")
        bytes.append(bracket)
        needsComma = true
        depth -= 1
    }

    private mutating func quoted(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): bytes.append(contentsOf: #"\""#.utf8)
            case UInt8(ascii: "\\"): bytes.append(contentsOf: #"\\"#.utf8)
            case 0x0A: bytes.append(contentsOf: #"\n"#.utf8)
            case 0x0D: bytes.append(contentsOf: #"\r"#.utf8)
            case 0x09: bytes.append(contentsOf: #"\t"#.utf8)
            case 0..<0x20, 0x7F:
                bytes.append(contentsOf: #"\u00"#.utf8)
                bytes.append(contentsOf: [Self.hex[Int(byte >> 4)], Self.hex[Int(byte & 15)]])
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static let hex = Array("0123456789abcdef".utf8)
}
