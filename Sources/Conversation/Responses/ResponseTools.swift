import ChatTemplates
import QuireJSON

/// The tools of a request for a response as functions, which is all that templates know, and what
/// each of them is to the client.
struct ResponseTools: Hashable, Sendable {
    /// What a function is to the client.
    struct Origin: Hashable, Sendable {
        /// The kind of a tool.
        enum Kind: String, Hashable, Sendable {
            /// A function.
            case function
            /// A tool that takes a text, by a function with one argument.
            case custom
            /// The client's own search for tools.
            case search = "tool_search"
        }

        var kind = Kind.function
        var name: String
        var namespace: String?
    }

    /// As functions, in the client's order.
    private(set) var definitions: [ToolDefinition] = []

    /// Tools and members that were passed over, by path.
    private(set) var ignored: [String] = []

    private var origins: [String: Origin] = [:]

    /// What a function of an answer is to the client; one that is not among the tools is just that.
    func origin(of name: String) -> Origin { origins[name] ?? Origin(name: name) }

    /// The name of the function that stands for a tool.
    static func functionName(_ name: String, namespace: String?) -> String {
        guard let namespace, !namespace.isEmpty else { return name }
        return namespace.hasSuffix("__") ? namespace + name : "\(namespace)__\(name)"
    }

    /// Keeps only some of them.
    mutating func keep(_ names: Set<String>) {
        definitions.removeAll { !names.contains($0.name) }
    }

    /// Reads a list of tools.
    ///
    /// - Parameter schemas: counts the bytes of all schemas of a request.
    mutating func read(
        _ list: [JSONValue], at path: String, _ unknown: UnknownMembers,
        _ schemas: inout ToolReader
    ) throws(RequestError) {
        try ToolReader.check(count: definitions.count + list.count, path)
        for (index, value) in list.enumerated() {
            try read(value, at: "\(path)[\(index)]", unknown, &schemas)
        }
    }

    /// Reads tools that the conversation brings: those that are there already stay as they are.
    mutating func readAdded(
        _ list: [JSONValue], at path: String, _ unknown: UnknownMembers,
        _ schemas: inout ToolReader
    ) throws(RequestError) {
        var added = ResponseTools()
        try ToolReader.check(count: definitions.count + list.count, path)
        for (index, value) in list.enumerated() {
            try added.read(value, at: "\(path)[\(index)]", unknown, &schemas)
        }
        ignored += added.ignored
        for tool in added.definitions where origins[tool.name] == nil {
            definitions.append(tool)
            origins[tool.name] = added.origins[tool.name]
        }
    }

    /// Tools that services run and that clients offer to any server: without them the model does
    /// what it can do by itself.
    static let passedOver: Set<String> = [
        "web_search", "web_search_2025_08_26", "web_search_preview",
        "web_search_preview_2025_03_11", "tool_search",
    ]

    private mutating func read(
        _ value: JSONValue, at path: String, _ unknown: UnknownMembers,
        _ schemas: inout ToolReader
    ) throws(RequestError) {
        var members = try MemberReader(value, at: path)
        switch try members.string("type") {
        case nil: throw members.wrong("type", "is missing")
        case "function", "custom":
            try add(&members, namespace: nil, about: nil, unknown, &schemas)
        case "namespace": try readNamespace(&members, unknown, &schemas)
        case "tool_search" where value["execution"]?.string == "client":
            let schema = try schemas.schema("parameters", &members)
            let description = try members.string("description")
            let tool = ToolDefinition(
                name: Origin.Kind.search.rawValue, description: description, parameters: schema)
            try add(tool, Origin(kind: .search, name: tool.name), members)
        case let type? where Self.passedOver.contains(type):
            ignored.append("\(path).\(type)")
        case let type?:
            throw members.wrong(
                "type", "is \(type.inMessage), a tool that this server does not run; leave it out")
        }
    }

    private mutating func readNamespace(
        _ members: inout MemberReader, _ unknown: UnknownMembers, _ schemas: inout ToolReader
    ) throws(RequestError) {
        let namespace = try ToolReader.name(&members)
        var about = try members.string("description")
        let tools = try members.array("tools") ?? []
        let path = members.path(of: "tools")
        try ToolReader.check(count: definitions.count + tools.count, path)
        for (index, value) in tools.enumerated() {
            var inner = try MemberReader(value, at: "\(path)[\(index)]")
            let type = try inner.string("type") ?? "function"
            guard type == "function" || type == "custom" else {
                throw inner.wrong("type", "is \(type.inMessage); it must be function or custom")
            }
            try add(&inner, namespace: namespace, about: about, unknown, &schemas)
            // Said once, not with each of the tools.
            about = nil
        }
        ignored += try members.finish(unknown)
    }

    /// Adds a function or a freeform tool.
    private mutating func add(
        _ members: inout MemberReader, namespace: String?, about: String?,
        _ unknown: UnknownMembers, _ schemas: inout ToolReader
    ) throws(RequestError) {
        let isCustom = try members.string("type") == Origin.Kind.custom.rawValue
        let name = try ToolReader.name(&members)
        var descriptions = [about, try members.string("description")].compactMap(\.self)
        var parameters: JSONValue?
        if isCustom {
            parameters = Self.freeformParameters
            if let format = try Self.grammar(&members) { descriptions.append(format) }
        } else {
            parameters = try schemas.schema("parameters", &members)
            try members.refuse("strict", unless: "false") { $0 == false }
        }
        for name in ["async", "defer_loading", "allowed_callers", "output_schema"] {
            _ = members.value(name)
        }
        let tool = ToolDefinition(
            name: Self.functionName(name, namespace: namespace),
            description: descriptions.isEmpty ? nil : descriptions.joined(separator: "\n\n"),
            parameters: parameters)
        ignored += try members.finish(unknown)
        try add(
            tool, Origin(kind: isCustom ? .custom : .function, name: name, namespace: namespace),
            members)
    }

    private mutating func add(
        _ tool: ToolDefinition, _ origin: Origin, _ members: MemberReader
    ) throws(RequestError) {
        guard origins.updateValue(origin, forKey: tool.name) == nil else {
            throw members.wrong(
                "name", "stands for \(tool.name.inMessage), as a tool before it does")
        }
        definitions.append(tool)
    }

    private static let freeformParameters: JSONValue = [
        "type": "object",
        "properties": [
            FreeformInput.argument: [
                "type": "string", "description": "The whole text that the tool takes.",
            ]
        ],
        "required": [.string(FreeformInput.argument)],
    ]

    /// What a freeform tool's text must look like, told to the model: nothing holds it to that.
    private static func grammar(_ members: inout MemberReader) throws(RequestError) -> String? {
        guard let value = members.value("format") else { return nil }
        var format = try MemberReader(value, at: members.path(of: "format"))
        switch try format.string("type") {
        case "text": return nil
        case "grammar":
            let syntax = try format.string("syntax") ?? "lark"
            guard let definition = try format.string("definition") else {
                throw format.wrong("definition", "is missing")
            }
            return "The text must follow this grammar (\(syntax)):\n\(definition)"
        default: throw format.wrong("type", "must be text or grammar")
        }
    }
}
