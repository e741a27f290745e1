package import QuireJSON

/// In what form a template wants the parts of a conversation.
package struct ContextForm: Hashable, Sendable {
    /// Whether content is a list of parts, each with a type, rather than a string.
    package var contentIsTyped = false
    /// Whether a message that only calls tools has the content `none` rather than "".
    package var emptyContentIsNone = false
    /// Whether the arguments of a call are JSON in a string rather than an object.
    package var argumentsAreText = false
    /// Under what name a message has its thoughts; nil: the template knows none.
    package var reasoningKey: String?
    /// Whether the id of a call has to name the tool and the call's number, which are written
    /// nowhere else (`functions.name:0`).
    package var idsNameTools = false

    /// Strings and objects.
    package init() {}
}

extension TemplateContext {
    /// A conversation as a template finds it.
    ///
    /// What people and models wrote is marked as the request's; roles, types and keys are not.
    ///
    /// - Parameters:
    ///   - beginsAnswer: whether the rendering ends with the beginning of an answer.
    ///   - names: what the model has, such as `bos_token`; not the request's.
    ///   - arguments: more names, such as `enable_thinking`.
    package init(
        _ messages: [ChatMessage], tools: [ToolDefinition] = [], form: ContextForm,
        beginsAnswer: Bool, names: [JSONValue.Member] = [], arguments: [JSONValue.Member] = []
    ) {
        self.init()
        for name in names { values[name.key] = TemplateValue(name.value, isForeign: false) }
        for member in arguments {
            values[member.key] = TemplateValue(member.value, isForeign: true)
        }
        var calls = 0
        values["messages"] = .list(
            messages.map { message in
                defer { calls += message.calls.count }
                return form.value(message, callsBefore: calls)
            })
        if !tools.isEmpty { values["tools"] = .list(tools.map(ContextForm.value)) }
        values["add_generation_prompt"] = .bool(beginsAnswer)
    }
}

extension ContextForm {
    fileprivate func value(_ message: ChatMessage, callsBefore: Int) -> TemplateValue {
        var members = [TemplateValue.Member("role", .own(message.role.rawValue))]
        if let name = message.name { members.append(.init("name", .foreign(name))) }
        members.append(.init("content", content(message)))
        if let key = reasoningKey, let reasoning = message.reasoning {
            members.append(.init(key, .foreign(reasoning)))
        }
        if !message.calls.isEmpty {
            let calls = message.calls.enumerated().map { index, call in
                value(call, number: callsBefore + index)
            }
            members.append(.init("tool_calls", .list(calls)))
        }
        if let id = message.callID { members.append(.init("tool_call_id", .foreign(id))) }
        return .dictionary(members)
    }

    private func content(_ message: ChatMessage) -> TemplateValue {
        if message.content.isEmpty, emptyContentIsNone { return .none }
        guard contentIsTyped else { return .foreign(message.text) }
        return .list(
            message.content.map { part in
                .dictionary([.init("type", .own("text")), .init("text", .foreign(part.text))])
            })
    }

    private func value(_ call: ToolCall, number: Int) -> TemplateValue {
        let arguments: TemplateValue =
            if !argumentsAreText, let json = try? JSONValue(parsing: Array(call.arguments.utf8)) {
                TemplateValue(json, isForeign: true)
            } else {
                .foreign(call.arguments)
            }
        let id = idsNameTools ? "functions.\(call.name):\(number)" : call.id
        return .dictionary([
            .init("id", .foreign(id)), .init("type", .own("function")),
            .init(
                "function",
                .dictionary([.init("name", .foreign(call.name)), .init("arguments", arguments)])),
        ])
    }

    fileprivate static func value(_ tool: ToolDefinition) -> TemplateValue {
        var members = [TemplateValue.Member("name", .foreign(tool.name))]
        // Templates read the description of every tool.
        members.append(.init("description", .foreign(tool.description ?? "")))
        let parameters =
            tool.parameters
            ?? .object([
                .init("type", .string("object")), .init("properties", .object([])),
            ])
        members.append(.init("parameters", TemplateValue(parameters, isForeign: true)))
        return .dictionary([
            .init("type", .own("function")), .init("function", .dictionary(members)),
        ])
    }
}
