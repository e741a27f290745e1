package import QuireIdentifiers
package import QuireJSON

/// The members of an object of a request, by name and type.
///
/// `null` is the same as a member that is left out, whatever the member's name. What nobody has
/// asked for when reading is over is an error, as it is in the OpenAI interface: a parameter that
/// would silently do nothing is worse than one that is refused.
package struct MemberReader {
    private let members: [String: JSONValue]
    private var asked: Set<String> = []

    /// A reader of an object.
    ///
    /// - Parameter name: what is read, for messages.
    package init(_ value: JSONValue, name: String = "body") throws(RequestError) {
        guard let members = value.members else {
            throw RequestError("\(name) must be an object", param: name)
        }
        let last = Dictionary(members.map { ($0.key, $0.value) }) { _, last in last }
        self.members = last.filter { $0.value != .null }
    }

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

    /// A list of token ids.
    package mutating func tokens(_ name: String) throws(RequestError) -> [TokenID]? {
        try read(name, "a list of token ids, each greater than or equal to 0") { Self.tokens($0) }
    }

    /// The members that nobody has asked for.
    ///
    /// - Throws: when there are any, naming them.
    package func finish() throws(RequestError) {
        let unknown = members.keys.filter { !asked.contains($0) }.sorted()
        guard let first = unknown.first else { return }
        throw RequestError(
            "unrecognized parameters: \(unknown.inMessage)", param: first.inMessage)
    }

    /// A member that one of this module's types reads.
    package mutating func read<Value>(
        _ name: String, _ expected: String, _ convert: (JSONValue) -> Value?
    ) throws(RequestError) -> Value? {
        guard let value = value(name) else { return nil }
        guard let converted = convert(value) else {
            throw RequestError("`\(name)` must be \(expected)", param: name)
        }
        return converted
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
