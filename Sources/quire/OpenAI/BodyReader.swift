import QuireIdentifiers
import QuireJSON

/// The members of a request's body, by name and type.
///
/// `null` is the same as a member that is left out, whatever the member's name. What nobody has
/// asked for when reading is over is an error, as it is in the OpenAI interface: a parameter that would silently do nothing is
/// worse than one that is refused.
struct BodyReader {
    private let members: [String: JSONValue]
    private var asked: Set<String> = []

    /// A reader of an object.
    ///
    /// - Parameter name: what is read, for messages.
    init(_ value: JSONValue, name: String = "body") throws(BodyError) {
        guard let members = value.members else {
            throw BodyError("\(name) must be an object", param: name)
        }
        let last = Dictionary(members.map { ($0.key, $0.value) }) { _, last in last }
        self.members = last.filter { $0.value != .null }
    }

    /// A member, whatever it is.
    mutating func value(_ name: String) -> JSONValue? {
        asked.insert(name)
        return members[name]
    }

    /// An integer.
    mutating func integer(_ name: String) throws(BodyError) -> Int? {
        try read(name, "an integer of 64 bits") { $0.integer }
    }

    /// A number.
    mutating func double(_ name: String) throws(BodyError) -> Double? {
        try read(name, "a number") { $0.double }
    }

    /// A truth value.
    mutating func bool(_ name: String) throws(BodyError) -> Bool? {
        try read(name, "true or false") { $0.bool }
    }

    /// A string.
    mutating func string(_ name: String) throws(BodyError) -> String? {
        try read(name, "a string") { $0.string }
    }

    /// A string or a list of strings.
    mutating func strings(_ name: String) throws(BodyError) -> [String]? {
        try read(name, "a string or a list of strings") { value in
            value.string.map { [$0] } ?? Self.all(value) { $0.string }
        }
    }

    /// A list of token ids.
    mutating func tokens(_ name: String) throws(BodyError) -> [TokenID]? {
        try read(name, "a list of token ids, each greater than or equal to 0") { Self.tokens($0) }
    }

    /// The members that nobody has asked for.
    ///
    /// - Throws: when there are any, naming them.
    func finish() throws(BodyError) {
        let unknown = members.keys.filter { !asked.contains($0) }.sorted()
        guard let first = unknown.first else { return }
        let names = unknown.prefix(10).map { Terminal.plain(String($0.prefix(100))) }
        throw BodyError(
            "unrecognized parameters: \(names.joined(separator: ", "))",
            param: String(first.prefix(100)))
    }

    /// A member that one of this module's types reads.
    mutating func read<Value>(
        _ name: String, _ expected: String, _ convert: (JSONValue) -> Value?
    ) throws(BodyError) -> Value? {
        guard let value = value(name) else { return nil }
        guard let converted = convert(value) else {
            throw BodyError("`\(name)` must be \(expected)", param: name)
        }
        return converted
    }

    /// A list of token ids; nil for anything else.
    static func tokens(_ value: JSONValue) -> [TokenID]? {
        all(value) { $0.integer.flatMap { UInt32(exactly: $0) }.map { TokenID($0) } }
    }

    /// The elements of an array, each converted; nil when that fails for any.
    static func all<Value>(
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
