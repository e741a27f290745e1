package import QuireJSON

/// What the body of a request or of an answer is, as a JSON Schema: the server's own description
/// (`/openapi.json`) is made of them. They stand beside the decoders whose ranges they name.
package struct BodySchema: Hashable, Sendable {
    /// The schema.
    package let value: JSONValue

    /// A schema by its keywords.
    init(_ keywords: KeyValuePairs<String, JSONValue>) {
        value = .object(keywords.map { JSONValue.Member($0.key, $0.value) })
    }

    /// Anything.
    package static let any = BodySchema([:])
    /// A string.
    package static let string = BodySchema(["type": "string"])
    /// A truth value.
    package static let flag = BodySchema(["type": "boolean"])
    /// A number.
    package static let number = BodySchema(["type": "number"])
    /// An object with whatever members.
    package static let object = BodySchema(["type": "object"])
    /// What is not there, or `null`: the reason is in the decoder's refusal.
    package static let absent = BodySchema(["type": "null"])
    /// The id of a token.
    package static let token = integer(0...Int(UInt32.max))
    /// An integer.
    package static let integer = integer(Int.min...Int.max)

    /// An integer of a range.
    package static func integer(_ range: ClosedRange<Int>) -> BodySchema {
        BodySchema([
            "type": "integer", "minimum": .integer(range.lowerBound),
            "maximum": .integer(range.upperBound),
        ])
    }

    /// An integer with a least value.
    package static func integer(from least: Int) -> BodySchema { integer(least...Int.max) }

    /// A number of a range.
    package static func number(_ range: ClosedRange<Double>) -> BodySchema {
        BodySchema([
            "type": "number", "minimum": .number(range.lowerBound),
            "maximum": .number(range.upperBound),
        ])
    }

    /// A number above 0.
    package static func number(above0AndAtMost most: Double?) -> BodySchema {
        guard let most else { return BodySchema(["type": "number", "exclusiveMinimum": 0]) }
        return BodySchema(["type": "number", "exclusiveMinimum": 0, "maximum": .number(most)])
    }

    /// A string with a bounded length. The bound counts bytes, of which a character has at least
    /// one.
    package static func string(_ length: ClosedRange<Int>) -> BodySchema {
        BodySchema([
            "type": "string", "minLength": .integer(length.lowerBound),
            "maxLength": .integer(length.upperBound),
        ])
    }

    /// One of a few words.
    package static func words(_ words: [String]) -> BodySchema {
        BodySchema(["type": "string", "enum": .array(words.map { .string($0) })])
    }

    /// This value.
    package static func constant(_ value: JSONValue) -> BodySchema { BodySchema(["const": value]) }

    /// A list.
    package static func list(
        of element: BodySchema, from least: Int = 0, atMost most: Int? = nil
    ) -> BodySchema {
        guard let most else {
            return BodySchema([
                "type": "array", "items": element.value, "minItems": .integer(least),
            ])
        }
        return BodySchema([
            "type": "array", "items": element.value, "minItems": .integer(least),
            "maxItems": .integer(most),
        ])
    }

    /// An object from any names to values.
    package static func map(to value: BodySchema) -> BodySchema {
        BodySchema(["type": "object", "additionalProperties": value.value])
    }

    /// One of several.
    package static func either(_ schemas: BodySchema...) -> BodySchema {
        BodySchema(["anyOf": .array(schemas.map(\.value))])
    }

    /// An object; members that it does not name may be there too.
    ///
    /// - Parameter optional: `null` is the same as a member that is left out.
    package static func object(
        _ required: SchemaMembers, optional: SchemaMembers = [:]
    ) -> BodySchema {
        let members =
            required.list.map { JSONValue.Member($0.name, $0.schema.value) }
            + optional.list.map { JSONValue.Member($0.name, $0.schema.orNull.value) }
        return BodySchema([
            "type": "object", "required": .array(required.list.map { .string($0.name) }),
            "properties": .object(members),
        ])
    }

    /// The same, or `null`.
    package var orNull: BodySchema {
        self == .absent || self == .any ? self : .either(self, .absent)
    }
}

/// Members of an object, by name.
package struct SchemaMembers: ExpressibleByDictionaryLiteral, Sendable {
    let list: [(name: String, schema: BodySchema)]

    private init(_ list: [(name: String, schema: BodySchema)]) { self.list = list }

    /// Members.
    package init(dictionaryLiteral elements: (String, BodySchema)...) {
        list = elements.map { (name: $0.0, schema: $0.1) }
    }

    /// Members of one schema.
    package init(_ names: [String], _ schema: BodySchema) {
        list = names.map { (name: $0, schema: schema) }
    }

    /// The members that change no answer, of a list of them.
    package init(harmless fields: [String: HarmlessFields.Kind]) {
        list = fields.sorted { $0.key < $1.key }.map { (name: $0.key, schema: $0.value.schema) }
    }

    /// Those of several; of a name that two have the later.
    package static func joined(_ parts: SchemaMembers...) -> SchemaMembers {
        var list: [(name: String, schema: BodySchema)] = []
        var taken: Set<String> = []
        for part in parts.reversed() {
            list = part.list.filter { taken.insert($0.name).inserted } + list
        }
        return SchemaMembers(list)
    }
}

extension HarmlessFields.Kind {
    fileprivate var schema: BodySchema {
        switch self {
        case .text: .string
        case .flag: .flag
        case .number: .number
        case .duration: .either(.string, .number)
        case .object: .object
        }
    }
}

extension CaseIterable where Self: RawRepresentable, RawValue == String {
    /// Its words, as a decoder takes them.
    static var words: [String] { allCases.map(\.rawValue) }
}
