import ChatTemplates
import QuireJSON

/// Which tools may and must be called.
extension ChatRequest {
    /// Reads `tool_choice`; the tools are read.
    mutating func readToolChoice(
        _ value: JSONValue, _ reader: MemberReader
    ) throws(RequestError) {
        if let word = value.string {
            switch word {
            case "auto": toolChoice = .auto
            case "none": toolChoice = .none
            case "required": toolChoice = .required
            default:
                throw reader.wrong("tool_choice", "must be auto, none, required or an object")
            }
        } else {
            try readObject(value)
        }
        guard toolChoice != .required || !tools.isEmpty else {
            throw reader.wrong("tool_choice", "is required; there must be `tools` for that")
        }
    }

    private mutating func readObject(_ value: JSONValue) throws(RequestError) {
        var choice = try MemberReader(value, at: "tool_choice")
        switch try choice.string("type") ?? "function" {
        case "function":
            toolChoice = .named(try Self.function("tool_choice", &choice, among: tools))
        case "allowed_tools": try readAllowedTools(choice.value("allowed_tools") ?? value)
        default:
            throw choice.wrong("type", "must be function or allowed_tools")
        }
    }

    /// Some of the tools only: the others are as if they were not there.
    private mutating func readAllowedTools(_ value: JSONValue) throws(RequestError) {
        let path = "tool_choice.allowed_tools"
        var allowed = try MemberReader(value, at: path)
        switch try allowed.string("mode") ?? "auto" {
        case "auto": toolChoice = .auto
        case "required": toolChoice = .required
        default: throw allowed.wrong("mode", "must be auto or required")
        }
        var names: Set<String> = []
        let list = try allowed.array("tools") ?? []
        try ToolReader.check(count: list.count, "\(path).tools")
        for (index, value) in list.enumerated() {
            let path = "\(path).tools[\(index)]"
            var tool = try MemberReader(value, at: path)
            names.insert(try Self.function(path, &tool, among: tools))
        }
        tools.removeAll { !names.contains($0.name) }
    }

    /// The name of one of the tools: `{"function": {"name": ...}}`.
    private static func function(
        _ path: String, _ members: inout MemberReader, among tools: [ToolDefinition]
    ) throws(RequestError) -> String {
        guard let value = members.value("function") else {
            throw members.wrong("function", "is missing")
        }
        var function = try MemberReader(value, at: "\(path).function")
        let name = try ToolReader.name(&function)
        guard tools.contains(where: { $0.name == name }) else {
            throw function.wrong("name", "is \(name.inMessage), which is none of the tools")
        }
        return name
    }

    /// Reads `functions` and `function_call`, which came before `tools` and `tool_choice`.
    mutating func readFunctions(
        _ reader: inout MemberReader, _ tools: inout ToolReader, _ unknown: UnknownMembers
    ) throws(RequestError) {
        let list = try reader.array("functions")
        let choice = reader.value("function_call")
        guard let list else {
            guard choice == nil || choice == "none" || choice == "auto" else {
                throw reader.wrong("function_call", "is for `functions`, and there are none")
            }
            return
        }
        guard self.tools.isEmpty else {
            throw reader.wrong("functions", "is the older name of `tools`; send one of them")
        }
        try ToolReader.check(count: list.count, "functions")
        for (index, value) in list.enumerated() {
            self.tools.append(
                try tools.tool(value, at: "functions[\(index)]", &ignored, unknown))
        }
        allowsParallelCalls = false
        answersWithFunctionCall = true
        switch choice {
        case nil, "auto": toolChoice = .auto
        case "none": toolChoice = .none
        case let value?:
            var members = try MemberReader(value, at: "function_call")
            let name = try ToolReader.name(&members)
            guard self.tools.contains(where: { $0.name == name }) else {
                throw members.wrong("name", "is \(name.inMessage), which is none of the functions")
            }
            toolChoice = .named(name)
        }
    }
}
