import QuireJSON

/// Tools, calls and results as plain text, for templates that have no place for them.
///
/// The form is the one that most models have seen: JSON between tags.
package enum ToolText {
    /// What tells the model of its tools.
    package static func definitions(_ tools: [ToolDefinition]) -> String {
        let list = tools.map { tool in
            var function: [JSONValue.Member] = [.init("name", .string(tool.name))]
            if let text = tool.description { function.append(.init("description", .string(text))) }
            if let schema = tool.parameters { function.append(.init("parameters", schema)) }
            return text(["type": "function", "function": .object(function)])
        }
        return """
            You may call functions to help with what the user asks. These are there:
            <tools>
            \(list.joined(separator: "\n"))
            </tools>
            For each call, write a JSON object with the function's name and arguments between tags:
            <tool_call>
            {"name": <name>, "arguments": <object>}
            </tool_call>
            """
    }

    /// A call.
    package static func call(_ call: ToolCall) -> String {
        let isObject = (try? JSONValue(parsing: Array(call.arguments.utf8)))?.members != nil
        let arguments = isObject ? call.arguments : text(.string(call.arguments))
        return """
            <tool_call>
            {"name": \(text(.string(call.name))), "arguments": \(arguments)}
            </tool_call>
            """
    }

    /// What comes before a result.
    package static let resultStart = "<tool_response>\n"

    /// What comes after a result.
    package static let resultEnd = "\n</tool_response>"

    private static func text(_ value: JSONValue) -> String {
        var out = JSONWriter()
        out.value(value)
        return out.text
    }
}
