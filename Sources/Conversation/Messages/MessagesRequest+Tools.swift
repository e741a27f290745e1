import ChatTemplates
import QuireJSON

extension MessagesRequest {
    /// Reads `tools` and `tool_choice`.
    ///
    /// A tool that is deferred is known to the model once the conversation shows it.
    static func readTools(
        _ reader: inout MemberReader, _ chat: inout ChatRequest, _ conversation: MessagesReader,
        _ unknown: UnknownMembers
    ) throws(RequestError) {
        var list: [(value: JSONValue, path: String)] = []
        for (index, value) in (try reader.array("tools") ?? []).enumerated() {
            list.append((value, "tools[\(index)]"))
        }
        list += conversation.addedTools
        try ToolReader.check(count: list.count, "tools")
        (chat.toolChoice, chat.allowsParallelCalls) = try choice(&reader)
        var shown = conversation.shownTools
        if case .named(let name) = chat.toolChoice { shown[name] = true }
        var schemas = ToolReader()
        var names: Set<String> = []
        for (value, path) in list {
            var members = try MemberReader(value, at: path)
            let tool = try tool(&members, &schemas)
            guard names.insert(tool.name).inserted else {
                throw members.wrong("name", "is \(tool.name.inMessage), as of a tool before it")
            }
            let isDeferred = try members.bool("defer_loading") ?? false
            for name in harmlessOfTools { _ = members.value(name) }
            chat.ignored += try members.finish(unknown)
            if shown[tool.name] ?? !isDeferred { chat.tools.append(tool) }
        }
        switch chat.toolChoice {
        case .named(let name) where !names.contains(name):
            throw RequestError(
                "`tool_choice.name` is \(name.inMessage), which is not among `tools`",
                param: "tool_choice.name")
        case .required where chat.tools.isEmpty:
            throw RequestError(
                "`tool_choice.type` is any, and there are no `tools`", param: "tool_choice.type")
        default: break
        }
    }

    /// Members of tools that change no answer: marks for caches, examples for a service's own
    /// checks, how arguments are streamed, and who besides the model may call.
    private static let harmlessOfTools = [
        "cache_control", "input_examples", "eager_input_streaming", "allowed_callers",
    ]

    private static func tool(
        _ members: inout MemberReader, _ schemas: inout ToolReader
    ) throws(RequestError) -> ToolDefinition {
        let type = try members.string("type") ?? "custom"
        if type != "custom" {
            guard let tool = ClientTools.definition(of: type) else {
                throw members.wrong(
                    "type",
                    "is \(type.inMessage), a tool that this server does not run; leave it out")
            }
            if let name = try members.string("name"), name != tool.name {
                throw members.wrong("name", "must be \(tool.name) for this type")
            }
            return tool
        }
        let name = try ToolReader.name(&members)
        guard let schema = try schemas.schema("input_schema", &members) else {
            throw members.wrong("input_schema", "is missing")
        }
        try members.refuse("strict", unless: "false") { $0 == false }
        return ToolDefinition(
            name: name, description: try members.string("description"), parameters: schema)
    }

    private enum Choice: String, CaseIterable {
        case auto
        case any
        case tool
        case none
    }

    private static func choice(
        _ reader: inout MemberReader
    ) throws(RequestError) -> (ToolChoice, allowsParallelCalls: Bool) {
        guard let value = reader.value("tool_choice") else { return (.auto, true) }
        var members = try MemberReader(value, at: "tool_choice")
        guard let type = try members.word("type", as: Choice.self) else {
            throw members.wrong("type", "is missing; it must be auto, any, tool or none")
        }
        let allowsParallelCalls = try members.bool("disable_parallel_tool_use") != true
        switch type {
        case .auto: return (.auto, allowsParallelCalls)
        case .any: return (.required, allowsParallelCalls)
        case .none: return (.none, allowsParallelCalls)
        case .tool: return (.named(try ToolReader.name(&members)), allowsParallelCalls)
        }
    }
}
