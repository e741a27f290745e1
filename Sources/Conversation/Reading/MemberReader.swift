package import QuireIdentifiers
package import QuireJSON

/// The members of an object of a request, by name and type.
///
/// `null` is the same as a member that is left out, whatever the member's name. What nobody has
/// asked for when reading is over is told by `finish`: a parameter that does nothing, and says
/// nothing of it, is worse than one that is refused.
package struct MemberReader {
    /// Where the object is in the body, for names in messages; empty: it is the body.
    private let path: String
    private let members: [String: JSONValue]
    private var asked: Set<String> = []

    /// A reader of an object.
    ///
    /// - Parameter name: what is read, for messages.
    package init(_ value: JSONValue, name: String = "body") throws(RequestError) {
        try self.init(value, name: name, path: "")
    }

    /// A reader of an object inside of a body, whose members are named with their path.
    ///
    /// - Parameter path: as `messages[3]`.
    package init(_ value: JSONValue, at path: String) throws(RequestError) {
        try self.init(value, name: path, path: path)
    }

    private init(_ value: JSONValue, name: String, path: String) throws(RequestError) {
        guard let members = value.members else {
            let what = path.isEmpty ? name : "`\(name)`"
            throw RequestError("\(what) must be an object", param: name)
        }
        var last: [String: JSONValue] = [:]
        last.reserveCapacity(members.count)
        for member in members {
            if member.value == .null {
                last.removeValue(forKey: member.key)
            } else {
                last[member.key] = member.value
            }
        }
        self.members = last
        self.path = path
    }

    /// A member's name in messages.
    package func path(of name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

    /// A member, whatever it is.
    package mutating func value(_ name: String) -> JSONValue? {
        asked.insert(name)
        return members[name]
    }

    /// An integer.
    package mutating func integer(_ name: String) throws(RequestError) -> Int? {
        try read(name, "an integer of 64 bits") { $0.integer }
    }

    /// A number.
    package mutating func double(_ name: String) throws(RequestError) -> Double? {
        try read(name, "a number") { $0.double }
    }

    /// A truth value.
    package mutating func bool(_ name: String) throws(RequestError) -> Bool? {
        try read(name, "true or false") { $0.bool }
    }

    /// A string.
    package mutating func string(_ name: String) throws(RequestError) -> String? {
        try read(name, "a string") { $0.string }
    }

    /// A string or a list of strings.
    package mutating func strings(_ name: String) throws(RequestError) -> [String]? {
        try read(name, "a string or a list of strings") { value in
            value.string.map { [$0] } ?? Self.all(value) { $0.string }
        }
    }

    /// A list.
    package mutating func array(_ name: String) throws(RequestError) -> [JSONValue]? {
        try read(name, "a list") { $0.array }
    }

    /// The members of an object.
    package mutating func members(_ name: String) throws(RequestError) -> [JSONValue.Member]? {
        try read(name, "an object") { $0.members }
    }

    /// A list of token ids.
    package mutating func tokens(_ name: String) throws(RequestError) -> [TokenID]? {
        try read(name, "a list of token ids, each greater than or equal to 0") { Self.tokens($0) }
    }

    /// A member that one of this module's types reads.
    package mutating func read<Value>(
        _ name: String, _ expected: String, _ convert: (JSONValue) -> Value?
    ) throws(RequestError) -> Value? {
        guard let value = value(name) else { return nil }
        guard let converted = convert(value) else { throw wrong(name, "must be \(expected)") }
        return converted
    }

    /// The members that nobody has asked for, in alphabetical order.
    package var unasked: [String] { members.keys.filter { !asked.contains($0) }.sorted() }

    /// What is wrong with a member.
    package func wrong(
        _ name: String, _ what: String, code: RequestError.Code = .invalidRequest
    ) -> RequestError {
        let path = path(of: name)
        return RequestError("`\(path)` \(what)", param: path, code: code)
    }

    /// A list of token ids; nil for anything else.
    package static func tokens(_ value: JSONValue) -> [TokenID]? {
        all(value) { $0.integer.flatMap { UInt32(exactly: $0) }.map { TokenID($0) } }
    }

    /// The elements of an array, each converted; nil when that fails for any.
    package static func all<Value>(
        _ value: JSONValue, _ convert: (JSONValue) -> Value?
    ) -> [Value]? {
        guard let array = value.array else { return nil }
        var values: [Value] = []
        values.reserveCapacity(array.count)
        for element in array {
            guard let converted = convert(element) else { return nil }
            values.append(converted)
        }
        return values
    }
}
