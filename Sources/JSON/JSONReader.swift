/// Reads JSON text (RFC 8259) value by value, front to back, without building a tree.
///
/// For files where a tree would cost more than the data: a `tokenizer.json` has half a million
/// strings. Small configurations are easier as a `JSONValue`, which this also makes.
///
///     var reader = JSONReader(bytes, path: "tokenizer.json")
///     try reader.beginObject()
///     while let key = try reader.nextKey() {
///         switch key {
///         case "version": version = try reader.string()
///         default: try reader.skip()
///         }
///     }
///     try reader.finish()
///
/// After `nextKey` gave a key, and after `nextElement` gave true, exactly one value must be read
/// or skipped. The text must be UTF-8 without a byte order mark, and every byte that is passed
/// over is checked, in skipped values too. Depth is bounded by `JSONLimits.depth`.
/// A lone surrogate escape (`\ud800`) reads as U+FFFD. Duplicate keys are all reported, in order.
/// Any fault is a `JSONError` of code `badJSON` with its offset.
package struct JSONReader: Sendable {
    /// A name for the text in errors.
    package let path: String

    /// Where the next token is looked for, in bytes from the start.
    package internal(set) var offset = 0

    let bytes: [UInt8]
    var open: [Container] = []

    /// The forms that a JSON value has.
    package enum Kind: String, Sendable {
        /// `{...}`
        case object
        /// `[...]`
        case array
        /// `"..."`
        case string
        /// Any number.
        case number
        /// `true` or `false`.
        case bool
        /// `null`
        case null
    }

    /// An array or object that was begun and has not ended.
    enum Container {
        case object(isFirst: Bool)
        case array(isFirst: Bool)
    }

    /// A reader at the start of a text.
    package init(_ bytes: [UInt8], path: String = "JSON text") {
        self.bytes = bytes
        self.path = path
    }

    /// The form of the next value, which is not read.
    package mutating func peek() throws(JSONError) -> Kind {
        skipSpace()
        switch try next("a value") {
        case UInt8(ascii: "{"): return .object
        case UInt8(ascii: "["): return .array
        case UInt8(ascii: "\""): return .string
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .bool
        case UInt8(ascii: "n"): return .null
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
        default: throw unexpected("a value")
        }
    }

    /// Checks that nothing follows the value.
    package mutating func finish() throws(JSONError) {
        precondition(open.isEmpty, "finish() inside of a container")
        skipSpace()
        if offset < bytes.count { throw unexpected("the end of the text") }
    }

    /// Reads `true` or `false`.
    package mutating func bool() throws(JSONError) -> Bool {
        try expect(.bool)
        let value = bytes[offset] == UInt8(ascii: "t")
        try literal(value ? "true" : "false")
        return value
    }

    /// Reads `null`.
    package mutating func null() throws(JSONError) {
        try expect(.null)
        try literal("null")
    }

    /// Reads `null` if it is next; otherwise reads nothing and gives false.
    package mutating func readNull() throws(JSONError) -> Bool {
        guard try peek() == .null else { return false }
        try literal("null")
        return true
    }
}

extension JSONReader {
    /// An error at the current place.
    package func error(_ message: String) -> JSONError { error(message, at: offset) }

    func error(_ message: String, at place: Int) -> JSONError {
        JSONError(.badJSON, path: path, offset: place, message)
    }

    @inline(__always)
    mutating func skipSpace() {
        while offset < bytes.count {
            switch bytes[offset] {
            case 0x20, 0x0A, 0x0D, 0x09: offset += 1
            default: return
            }
        }
    }

    /// The byte at the current place.
    @inline(__always)
    func next(_ expected: String) throws(JSONError) -> UInt8 {
        guard offset < bytes.count else { throw unexpected(expected) }
        return bytes[offset]
    }

    func unexpected(_ expected: String) -> JSONError {
        guard offset < bytes.count else {
            return error("the text ends where \(expected) is expected")
        }
        let byte = bytes[offset]
        let found =
            (0x21..<0x7F).contains(byte)
            ? "'\(Character(Unicode.Scalar(byte)))'" : "byte 0x\(String(byte, radix: 16))"
        return error("found \(found), expected \(expected)")
    }

    /// Makes sure that a value of that form is next.
    mutating func expect(_ kind: Kind) throws(JSONError) {
        let found = try peek()
        guard found == kind else {
            throw error("found a value of form \(found.rawValue), expected \(kind.rawValue)")
        }
    }

    private mutating func literal(_ text: StaticString) throws(JSONError) {
        let word = String(describing: text).utf8
        guard bytes[offset...].starts(with: word) else { throw unexpected("'\(text)'") }
        offset += word.count
    }
}
