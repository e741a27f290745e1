package import QuireJSON

/// A call of a tool by the model.
package struct ToolCall: Hashable, Sendable {
    /// What the tool's result names; unique in a conversation.
    package var id: String

    /// The tool's name.
    package var name: String

    /// The arguments as the model wrote them: the text of a JSON object, if it kept to that.
    package var arguments: String

    /// A call.
    package init(id: String, name: String, arguments: String) {
        self.id = id
        self.name = name
        self.arguments = arguments
    }
}

/// A tool that the model may call.
package struct ToolDefinition: Hashable, Sendable {
    /// The name that calls use.
    package var name: String

    /// What it does.
    package var description: String?

    /// The JSON Schema of its arguments, an object; nil: it takes none.
    package var parameters: JSONValue?

    /// A tool.
    package init(name: String, description: String? = nil, parameters: JSONValue? = nil) {
        self.name = name
        self.description = description
        self.parameters = parameters
    }
}

/// Whether and which tools must be called.
package enum ToolChoice: Hashable, Sendable {
    /// As the model sees fit.
    case auto
    /// No tool.
    case none
    /// Any, but at least one.
    case required
    /// This one.
    case named(String)
}
