package import ChatTemplates
package import QuireJSON

/// Reads the tools of a request, bounded in number and bytes.
package struct ToolReader {
    private var schemaBytes = 0

    /// A reader of a request's tools.
    package init() {}

    /// The tools of a list in the shape of OpenAI's chat completions, which Ollama's are in too.
    package mutating func tools(
        _ name: String, _ reader: inout MemberReader, unknown: UnknownMembers
    ) throws(RequestError) -> (tools: [ToolDefinition], ignored: [String]) {
        guard let list = try reader.array(name) else { return ([], []) }
        try Self.check(count: list.count, reader.path(of: name))
        var tools: [ToolDefinition] = []
        var ignored: [String] = []
        for (index, value) in list.enumerated() {
            let path = "\(reader.path(of: name))[\(index)]"
            var members = try MemberReader(value, at: path)
            let type = try members.string("type") ?? "function"
            guard type == "function" else {
                throw members.wrong("type", "is \(type.inMessage); it must be function")
            }
            guard let function = members.value("function") else {
                throw members.wrong("function", "is missing")
            }
            tools.append(try tool(function, at: "\(path).function", &ignored, unknown))
            ignored += try members.finish(unknown)
        }
        return (tools, ignored)
    }

    /// A function of the older parameter `functions`, or of a tool.
    mutating func tool(
        _ value: JSONValue, at path: String, _ ignored: inout [String], _ unknown: UnknownMembers
    ) throws(RequestError) -> ToolDefinition {
        var members = try MemberReader(value, at: path)
        let name = try Self.name(&members)
        let description = try members.string("description")
        let parameters = try schema("parameters", &members)
        try members.refuse("strict", unless: "false") { $0 == false }
        ignored += try members.finish(unknown)
        return ToolDefinition(name: name, description: description, parameters: parameters)
    }

    /// The name of a tool.
    package static func name(_ members: inout MemberReader) throws(RequestError) -> String {
        guard
            let name = try members.string("name", maxBytes: ConversationLimits.maxToolNameBytes)
        else { throw members.wrong("name", "is missing") }
        return name
    }

    /// A schema, an object; nil: none.
    package mutating func schema(
        _ name: String, _ members: inout MemberReader
    ) throws(RequestError) -> JSONValue? {
        let schema = try members.read(name, "a JSON Schema, an object") { value in
            value.members.map { _ in value }
        }
        guard let schema else { return nil }
        var out = JSONWriter()
        out.value(schema)
        schemaBytes += out.bytes.count
        let most = ConversationLimits.maxSchemaBytes
        guard schemaBytes <= most else {
            throw members.wrong(
                name,
                "and the schemas before it have \(schemaBytes) bytes; all of a request must "
                    + "have at most \(most)")
        }
        return schema
    }

    /// Checks the number of tools.
    package static func check(count: Int, _ path: String) throws(RequestError) {
        let most = ConversationLimits.maxTools
        guard count <= most else {
            throw RequestError(
                "`\(path)` has \(count) tools; it must have at most \(most)", param: path)
        }
    }
}
