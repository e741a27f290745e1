import ChatTemplates
import QuireJSON

extension ResponsesRequest {
    /// Reads `tools`, `tool_choice` and `parallel_tool_calls`.
    static func tools(
        _ reader: inout MemberReader, _ chat: inout ChatRequest, _ conversation: ResponsesReader,
        _ unknown: UnknownMembers
    ) throws(RequestError) -> ResponseTools {
        var tools = ResponseTools()
        var schemas = ToolReader()
        try tools.read(try reader.array("tools") ?? [], at: "tools", unknown, &schemas)
        for added in conversation.addedTools {
            try tools.readAdded(added.list, at: added.path, unknown, &schemas)
        }
        chat.allowsParallelCalls = try reader.bool("parallel_tool_calls") ?? true
        chat.toolChoice = try choice(&reader, &tools)
        chat.tools = tools.definitions
        return tools
    }

    enum Mode: String, CaseIterable {
        case none
        case auto
        case required

        var choice: ToolChoice {
            switch self {
            case .none: .none
            case .auto: .auto
            case .required: .required
            }
        }
    }

    private static func choice(
        _ reader: inout MemberReader, _ tools: inout ResponseTools
    ) throws(RequestError) -> ToolChoice {
        guard let value = reader.value("tool_choice") else { return .auto }
        let choice: ToolChoice
        if value.members == nil {
            choice = try reader.word("tool_choice", as: Mode.self)?.choice ?? .auto
        } else {
            var members = try MemberReader(value, at: "tool_choice")
            switch try members.string("type") {
            case "function", "custom": choice = .named(try functionName(&members, tools))
            case "allowed_tools":
                let mode = try members.word("mode", as: Mode.self) ?? .auto
                tools.keep(try allowed(&members, tools))
                choice = mode.choice
            default:
                throw members.wrong("type", "must be function, custom or allowed_tools")
            }
        }
        guard choice != .required || !tools.definitions.isEmpty else {
            throw reader.wrong("tool_choice", "is required, and there are no `tools`")
        }
        return choice
    }

    private static func functionName(
        _ members: inout MemberReader, _ tools: ResponseTools
    ) throws(RequestError) -> String {
        let name = try ToolReader.name(&members)
        let function = ResponseTools.functionName(
            name, namespace: try members.string("namespace"))
        guard tools.definitions.contains(where: { $0.name == function }) else {
            throw members.wrong("name", "is \(name.inMessage), which is not among `tools`")
        }
        return function
    }

    /// The functions of the tools that a list names. Tools that were passed over may be in it.
    private static func allowed(
        _ members: inout MemberReader, _ tools: ResponseTools
    ) throws(RequestError) -> Set<String> {
        guard let list = try members.array("tools") else {
            throw members.wrong("tools", "is missing")
        }
        try ToolReader.check(count: list.count, members.path(of: "tools"))
        var names: Set<String> = []
        for (index, value) in list.enumerated() {
            var tool = try MemberReader(value, at: "\(members.path(of: "tools"))[\(index)]")
            let type = try tool.string("type") ?? "function"
            if type == "function" || type == "custom" {
                names.insert(try functionName(&tool, tools))
            } else if type == ResponseTools.Origin.Kind.search.rawValue {
                names.insert(type)
            }
        }
        return names
    }
}
