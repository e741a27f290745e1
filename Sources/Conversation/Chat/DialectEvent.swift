package import QuireJSON

/// An event of a streamed answer in the words of a dialect; how it is framed on the wire is the
/// server's business.
package struct DialectEvent: Hashable, Sendable {
    /// Its name.
    package let name: String

    /// What it says, an object.
    package let body: JSONValue

    /// An event whose object begins with its name, under `type`.
    init(_ name: String, _ members: [JSONValue.Member]) {
        self.name = name
        body = .object([JSONValue.Member("type", .string(name))] + members)
    }

    /// An event whose object begins with its name, under `type`.
    init(_ name: String, _ members: KeyValuePairs<String, JSONValue> = [:]) {
        self.init(name, members.map { JSONValue.Member($0.key, $0.value) })
    }
}

extension JSONValue {
    /// A string, or `null` for none.
    init(_ text: String?) { self = text.map { .string($0) } ?? .null }

    /// An integer, or `null` for none.
    init(_ number: Int?) { self = number.map { .integer($0) } ?? .null }

    /// Its compact text.
    var text: String {
        var out = JSONWriter()
        out.value(self)
        return out.text
    }

    /// The object that a text is; nil for any other text.
    static func object(in text: String) -> JSONValue? {
        guard let value = try? JSONValue(parsing: Array(text.utf8)), value.members != nil else {
            return nil
        }
        return value
    }
}
