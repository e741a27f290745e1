package import QuireJSON

/// A value that a rendering is given: JSON whose texts know where they come from.
package indirect enum TemplateValue: Sendable {
    /// `none`
    case none
    /// A truth value.
    case bool(Bool)
    /// An integer.
    case integer(Int)
    /// Any other number.
    case number(Double)
    /// A text.
    case text(MarkedText)
    /// A list.
    case list([TemplateValue])
    /// A dictionary, in order; of members with one key the last counts, at the first's place.
    case dictionary([Member])

    /// A key and its value.
    package struct Member: Sendable {
        /// The key.
        package var key: MarkedText
        /// The value.
        package var value: TemplateValue

        /// Makes a member.
        package init(_ key: MarkedText, _ value: TemplateValue) {
            self.key = key
            self.value = value
        }

        /// Makes a member whose key is not the request's.
        package init(_ key: String, _ value: TemplateValue) {
            self.init(MarkedText(own: key), value)
        }
    }

    /// JSON all of whose texts, keys too, are of one origin.
    package init(_ json: JSONValue, isForeign: Bool) {
        switch json {
        case .null: self = .none
        case .bool(let value): self = .bool(value)
        case .integer(let value): self = .integer(value)
        case .number(let value): self = .number(value)
        case .string(let text): self = .text(MarkedText(text, isForeign: isForeign))
        case .array(let elements):
            self = .list(elements.map { TemplateValue($0, isForeign: isForeign) })
        case .object(let members):
            self = .dictionary(
                members.map {
                    Member(
                        MarkedText($0.key, isForeign: isForeign),
                        TemplateValue($0.value, isForeign: isForeign))
                })
        }
    }

    /// A text that is not the request's: a role, a special token.
    package static func own(_ text: String) -> TemplateValue { .text(MarkedText(own: text)) }

    /// A text of the request.
    package static func foreign(_ text: String) -> TemplateValue {
        .text(MarkedText(text, isForeign: true))
    }
}

/// The names that a template finds: `messages`, `tools`, `add_generation_prompt`, `bos_token`, ...
package struct TemplateContext: Sendable {
    /// The values by name.
    package var values: [String: TemplateValue]

    /// Makes a context.
    package init(_ values: [String: TemplateValue] = [:]) { self.values = values }

    /// The members of a JSON object; none for any other value.
    package init(_ json: JSONValue, isForeign: Bool = true) {
        values = [:]
        for member in json.members ?? [] {
            values[member.key] = TemplateValue(member.value, isForeign: isForeign)
        }
    }
}
