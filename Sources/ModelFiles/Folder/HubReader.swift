import QuireJSON

/// Reads values of a JSON object of a model's folder, each checked, and notes what was read, so
/// that nothing else in it is passed over in silence.
struct HubReader {
    /// The file, for errors.
    let path: String
    /// Where in it the object is: a key and a point, or nothing.
    let prefix: String
    /// The keys in the order of the file.
    let keys: [String]
    /// The keys that were asked for.
    private(set) var read: Set<String> = []

    private let members: [String: JSONValue]
    /// What is assumed for keys that are missing.
    var defaults: [String: JSONValue] = [:]

    /// An object; throws for anything else, and for keys that occur twice.
    init(_ value: JSONValue, path: String, prefix: String = "") throws(ModelFileError) {
        self.path = path
        self.prefix = prefix
        guard let list = value.members else {
            throw ModelFileError(.badJSON, path: path, "must be an object")
        }
        var members: [String: JSONValue] = [:]
        for member in list {
            guard members.updateValue(member.value, forKey: member.key) == nil else {
                throw ModelFileError(
                    .duplicateKey, path: path, at: .key(prefix + member.key), "occurs twice")
            }
        }
        keys = list.map(\.key)
        self.members = members
    }

    /// The keys whose values nobody asked for, but those that are null.
    var unread: [String] { keys.filter { !read.contains($0) && members[$0] != .null } }

    /// What stands at a key, which counts as read from here on; nil for nothing and for null.
    mutating func value(_ key: String) -> JSONValue? {
        read.insert(key)
        let value = members[key] ?? defaults[key]
        return value == .null ? nil : value
    }

    /// The value of a key without noting it.
    func peek(_ key: String) -> JSONValue? { members[key] ?? defaults[key] }

    /// An integer, in any spelling.
    mutating func integer(_ key: String) throws(ModelFileError) -> Int? {
        guard let value = value(key) else { return nil }
        guard let number = value.integer else { throw wrongType(key, "an integer") }
        return number
    }

    /// A positive integer: a size, a count.
    mutating func count(_ key: String) throws(ModelFileError) -> Int? {
        guard let number = try integer(key) else { return nil }
        guard (1...Int(Int32.max)).contains(number) else {
            throw error(.outOfRange, key, "is \(number), expected 1 to \(Int32.max)")
        }
        return number
    }

    /// A finite number.
    mutating func number(_ key: String) throws(ModelFileError) -> Double? {
        guard let value = value(key) else { return nil }
        guard let number = value.double else { throw wrongType(key, "a number") }
        return number
    }

    /// A finite number above 0.
    mutating func positive(_ key: String) throws(ModelFileError) -> Double? {
        guard let number = try number(key) else { return nil }
        guard number > 0 else {
            throw error(.outOfRange, key, "is \(number), expected a number above 0")
        }
        return number
    }

    /// A truth value.
    mutating func flag(_ key: String) throws(ModelFileError) -> Bool? {
        guard let value = value(key) else { return nil }
        guard let flag = value.bool else { throw wrongType(key, "true or false") }
        return flag
    }

    /// A text.
    mutating func text(_ key: String) throws(ModelFileError) -> String? {
        guard let value = value(key) else { return nil }
        guard let text = value.string else { throw wrongType(key, "a text") }
        return text
    }

    /// A list of finite numbers.
    mutating func numbers(_ key: String) throws(ModelFileError) -> [Double]? {
        guard let value = value(key) else { return nil }
        guard let numbers = value.array?.map(\.double), !numbers.contains(nil) else {
            throw wrongType(key, "a list of numbers")
        }
        return numbers.compactMap(\.self)
    }

    /// A list of texts.
    mutating func texts(_ key: String) throws(ModelFileError) -> [String]? {
        guard let value = value(key) else { return nil }
        guard let texts = value.array?.map(\.string), !texts.contains(nil) else {
            throw wrongType(key, "a list of texts")
        }
        return texts.compactMap(\.self)
    }

    /// An object, of which its own reader notes what was read.
    mutating func object(_ key: String) throws(ModelFileError) -> HubReader? {
        guard let value = value(key) else { return nil }
        guard value.members != nil else { throw wrongType(key, "an object") }
        return try HubReader(value, path: path, prefix: "\(prefix)\(key).")
    }

    /// An error about a key, for readers that find its value to make no sense.
    func error(
        _ code: ModelFileError.Code, _ key: String, _ message: String
    ) -> ModelFileError {
        ModelFileError(code, path: path, at: .key(prefix + key), message)
    }

    /// What a required value's absence is.
    func missing(_ key: String) -> ModelFileError {
        error(.missingKey, key, "is missing, and the architecture needs it")
    }

    private func wrongType(_ key: String, _ expected: String) -> ModelFileError {
        error(.wrongType, key, "must be \(expected)")
    }
}
