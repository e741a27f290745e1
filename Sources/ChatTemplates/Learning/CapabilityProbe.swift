package import QuireJSON

extension TemplateCapabilities {
    /// What a template can do: small conversations are rendered, and what is in the renderings is
    /// what the template has a place for.
    ///
    /// - Complexity: some twenty renderings of short conversations.
    package static func probe(
        _ template: ChatTemplate, _ learned: LearnedFormat, names: [JSONValue.Member] = []
    ) -> TemplateCapabilities {
        CapabilityProbe(
            template: template, form: learned.form, names: names, needles: Needles(seed: 7)
        ).capabilities
    }
}

/// Renderings whose texts tell what a template reads.
private struct CapabilityProbe {
    let template: ChatTemplate
    let form: ContextForm
    let names: [JSONValue.Member]
    let needles: Needles

    var capabilities: TemplateCapabilities {
        var result = TemplateCapabilities()
        probeRoles(&result)
        probeTools(&result)
        result.acceptsStringContent = !form.contentIsTyped
        result.acceptsTypedContent = form.contentIsTyped
        result.keepsReasoning = form.reasoningKey != nil
        let user = ChatMessage(.user, needles.user)
        let on = text([user], begins: true, arguments: [.init("enable_thinking", .bool(true))])
        let off = text([user], begins: true, arguments: [.init("enable_thinking", .bool(false))])
        result.knowsThinkingSwitch = on != off
        let second = ChatMessage(.user, needles.content)
        result.requiresAlternation =
            shows([needles.user], [user]) && !shows([needles.content], [user, second])
        return result
    }

    private func probeRoles(_ result: inout TemplateCapabilities) {
        let user = ChatMessage(.user, needles.user)
        let system = ChatMessage(.system, needles.content)
        let other = ChatMessage(.system, needles.reasoning)
        let answer = ChatMessage(.assistant, needles.values[0])
        let more = ChatMessage(.user, needles.values[1])
        result.rendersSystem = shows([needles.content, needles.user], [system, user])
        result.rendersSeveralSystems = shows(
            [needles.content, needles.reasoning, needles.user], [system, other, user])
        result.rendersLaterSystem = shows(
            [needles.content, needles.user, needles.values[1]], [user, answer, system, more])
        result.rendersDeveloper = shows(
            [needles.content, needles.user], [ChatMessage(.developer, needles.content), user])
    }

    private func probeTools(_ result: inout TemplateCapabilities) {
        let user = ChatMessage(.user, needles.user)
        let tools = needles.tools
        var call = ChatMessage(.assistant, [])
        call.calls = [needles.call(0, arguments: 2)]
        var several = call
        several.calls.append(needles.call(1, arguments: 1))
        var output = ChatMessage(.tool, needles.values[2])
        output.callID = needles.ids[0]
        output.name = needles.names[0]
        result.rendersTools = shows([needles.names[0]], [user], tools: tools)
        result.rendersCalls = shows(
            [needles.names[0], needles.values[0]], [user, call], tools: tools, behindUser: true)
        result.rendersParallelCalls = shows(
            [needles.names[1], needles.values[1]], [user, several], tools: tools,
            behindUser: true)
        result.rendersToolResults = shows(
            [needles.values[2]], [user, call, output], tools: tools)
    }

    /// Whether a conversation is rendered with all of these words.
    ///
    /// - Parameter behindUser: only behind the user's words, where no tool is defined.
    private func shows(
        _ words: [String], _ messages: [ChatMessage], tools: [ToolDefinition] = [],
        behindUser: Bool = false
    ) -> Bool {
        guard let text = text(messages, tools: tools) else { return false }
        var bytes = Array(text.utf8)
        if behindUser, let user = Bytes.findLast(needles.user, in: bytes) {
            bytes.removeFirst(user.upperBound)
        }
        return words.allSatisfy { Bytes.find($0, in: bytes) != nil }
    }

    private func text(
        _ messages: [ChatMessage], tools: [ToolDefinition] = [], begins: Bool = false,
        arguments: [JSONValue.Member] = []
    ) -> String? {
        let context = TemplateContext(
            messages, tools: tools, form: form, beginsAnswer: begins, names: names,
            arguments: arguments)
        guard let date = TemplateDate("2024-07-26") else { return nil }
        return (try? template.render(context, now: date))?.string
    }
}
