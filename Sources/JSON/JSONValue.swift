/// A JSON value as a tree, for small configurations; objects keep the order of their members.
///
/// Large files are read with `JSONReader`: a tree takes many times the memory of its text, and is
/// refused beyond `JSONLimits.values` values.
package enum JSONValue: Sendable, Hashable {
    /// `null`
    case null
    /// `true` or `false`
    case bool(Bool)
    /// A number without fraction and exponent that `Int` holds, and of other spellings those
    /// from 2^53 on, beyond which a `Double` does not tell all integers apart.
    case integer(Int)
    /// Any other number.
    case number(Double)
    /// A string.
    case string(String)
    /// An array.
    case array([JSONValue])
    /// An object: its members in order, duplicates included.
    case object([Member])

    /// A key and its value.
    package struct Member: Sendable, Hashable {
        /// The key.
        package var key: String
        /// The value.
        package var value: JSONValue

        /// Makes a member.
        package init(_ key: String, _ value: JSONValue) {
            self.key = key
            self.value = value
        }
    }

    /// Reads a whole JSON text.
    ///
    /// - Throws: `badJSON` for text that is not JSON, is nested too deep or has a number beyond
    ///   `Double`; `tooLarge` for too many values.
    package init(parsing bytes: [UInt8], path: String = "JSON text") throws(JSONError) {
        var reader = JSONReader(bytes, path: path)
        self = try reader.value()
        try reader.finish()
    }

    /// The member of an object; of duplicates the last, as most of the field's readers have it.
    /// Nil if there is none or this is no object. O(members).
    package subscript(key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.last { $0.key == key }?.value
    }

    /// The text of a string; nil for anything else.
    package var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The value of an integer, in whatever spelling (`3`, `3.0`, `30e-1`); nil for anything else.
    package var integer: Int? {
        switch self {
        case .integer(let value): value
        case .number(let value): abs(value) < 0x1p53 ? Int(exactly: value) : nil
        default: nil
        }
    }

    /// The value of any number; nil for anything else.
    package var double: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }

    /// The value of `true` or `false`; nil for anything else.
    package var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// The elements of an array; nil for anything else.
    package var array: [JSONValue]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    /// The members of an object; nil for anything else.
    package var members: [Member]? {
        if case .object(let members) = self { members } else { nil }
    }
}

extension JSONReader {
    /// Reads the next value as a tree.
    package mutating func value() throws(JSONError) -> JSONValue {
        var budget = JSONLimits.values
        return try value(&budget)
    }

    // Recursive, as deep as `JSONLimits.depth` allows.
    private mutating func value(_ budget: inout Int) throws(JSONError) -> JSONValue {
        guard budget > 0 else {
            throw JSONError(
                .tooLarge, path: path, offset: offset,
                "more than \(JSONLimits.values) values in one tree")
        }
        budget -= 1
        switch try peek() {
        case .null:
            try null()
            return .null
        case .bool: return .bool(try bool())
        case .string: return .string(try readText())
        case .number:
            let number = try scanNumber()
            // The spelling is kept where that costs nothing: `1.0` is written as `1.0` again.
            if let integer = number.integer,
                number.isPlain || integer.magnitude >= 1 << 53
            {
                return .integer(integer)
            }
            return .number(try double(of: number))
        case .array:
            var elements: [JSONValue] = []
            try beginArray()
            while try nextElement() { elements.append(try value(&budget)) }
            return .array(elements)
        case .object:
            var members: [JSONValue.Member] = []
            try beginObject()
            while let key = try nextKey() { members.append(.init(key, try value(&budget))) }
            return .object(members)
        }
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral,
    ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
    /// A string.
    package init(stringLiteral value: String) { self = .string(value) }
    /// An integer.
    package init(integerLiteral value: Int) { self = .integer(value) }
    /// A number.
    package init(floatLiteral value: Double) { self = .number(value) }
    /// A truth value.
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    /// An array.
    package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    /// An object, in the order written.
    package init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(elements.map { Member($0, $1) })
    }
    /// `null`
    package init(nilLiteral: ()) { self = .null }
}
