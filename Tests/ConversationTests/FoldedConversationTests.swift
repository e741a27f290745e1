import ChatTemplates
import QuireJSON
import TestSupport
import Testing

/// Conversations in the forms that templates accept.
struct FoldedConversationTests {
    private func capabilities(
        _ change: (inout TemplateCapabilities) -> Void
    ) -> TemplateCapabilities {
        var capabilities = TemplateCapabilities()
        change(&capabilities)
        return capabilities
    }

    private func call(_ id: String) -> ToolCall { ToolCall(id: id, name: "f", arguments: "{}") }

    private func result(_ id: String, _ text: String) -> ChatMessage {
        var message = ChatMessage(.tool, text)
        message.callID = id
        return message
    }

    @Test func `a template that accepts everything gets everything as it is`() {
        let messages = [
            ChatMessage(.system, "a"), ChatMessage(.developer, "b"), ChatMessage(.user, "c"),
            ChatMessage(.user, "d"), ChatMessage(.system, "e"),
            ChatMessage(.assistant, [.text("f"), .text("g")], reasoning: "h"),
        ]
        let tools = [ToolDefinition(name: "f")]
        let folded = FoldedConversation(messages, tools: tools, for: TemplateCapabilities())
        #expect(folded.messages == messages && folded.tools == tools)
    }

    @Test func `an answer without anything is left out`() {
        let messages = [
            ChatMessage(.user, "a"), ChatMessage(.assistant, []), ChatMessage(.assistant, ""),
            ChatMessage(.assistant, [], reasoning: "hm"),
        ]
        let folded = FoldedConversation(messages, for: TemplateCapabilities())
        #expect(folded.messages == [messages[0], messages[3]])
    }

    @Test func `instructions go where a template has them`() {
        let messages = [
            ChatMessage(.developer, "a"), ChatMessage(.system, "b"), ChatMessage(.user, "c"),
            ChatMessage(.system, "d"),
        ]
        func folded(_ change: (inout TemplateCapabilities) -> Void) -> [ChatMessage] {
            FoldedConversation(
                messages,
                for: capabilities {
                    $0.rendersDeveloper = false
                    $0.acceptsTypedContent = false
                    change(&$0)
                }
            ).messages
        }
        #expect(folded { _ in }.map(\.role) == [.system, .system, .user, .system])
        #expect(
            folded { ($0.rendersSeveralSystems, $0.rendersLaterSystem) = (false, false) } == [
                ChatMessage(.system, "a\n\nb"), ChatMessage(.user, "c"), ChatMessage(.user, "d"),
            ])
        #expect(
            folded { ($0.rendersSystem, $0.rendersLaterSystem) = (false, false) } == [
                ChatMessage(.user, "a\n\nb\n\nc"), ChatMessage(.user, "d"),
            ])
        #expect(
            folded {
                ($0.rendersSystem, $0.rendersLaterSystem) = (false, false)
                $0.requiresAlternation = true
            } == [ChatMessage(.user, "a\n\nb\n\nc\n\nd")])
    }

    @Test func `tools, calls and results become text where a template has no place for them`() {
        var answer = ChatMessage(.assistant, "I look.")
        answer.calls = [ToolCall(id: "1", name: "f", arguments: "{\"x\": 1}")]
        let folded = FoldedConversation(
            [ChatMessage(.user, "a"), answer, result("1", "r")],
            tools: [ToolDefinition(name: "f", description: "d", parameters: ["type": "object"])],
            for: capabilities {
                ($0.rendersTools, $0.rendersCalls, $0.rendersToolResults) = (false, false, false)
                $0.acceptsTypedContent = false
            })
        #expect(folded.tools.isEmpty)
        #expect(folded.messages.map(\.role) == [.system, .user, .assistant, .user])
        #expect(folded.messages[0].text.contains(#""name":"f","description":"d""#))
        #expect(
            folded.messages[2]
                == ChatMessage(
                    .assistant,
                    "I look.\n\n<tool_call>\n{\"name\": \"f\", "
                        + "\"arguments\": {\"x\": 1}}\n</tool_call>"
                ))
        #expect(
            folded.messages[3] == ChatMessage(.user, "<tool_response>\nr\n</tool_response>"))
    }

    @Test func `calls go one by one where a template renders one`() {
        var answer = ChatMessage(.assistant, "I look.")
        answer.calls = [call("1"), call("2"), call("3")]
        let folded = FoldedConversation(
            [ChatMessage(.user, "a"), answer, result("2", "b"), result("1", "c")],
            for: capabilities { $0.rendersParallelCalls = false })
        #expect(
            folded.messages.map(\.role) == [
                .user, .assistant, .tool, .assistant, .tool, .assistant,
            ])
        #expect(folded.messages.flatMap(\.calls).map(\.id) == ["2", "1", "3"])
        #expect(folded.messages[1].text == "I look." && folded.messages[1].calls.count == 1)
    }

    @Test func `turns are taken where a template asks for that`() {
        var caller = ChatMessage(.assistant, [])
        caller.calls = [call("1")]
        let folded = FoldedConversation(
            [
                ChatMessage(.system, "s"), ChatMessage(.assistant, "a"), ChatMessage(.user, "b"),
                ChatMessage(.user, "c"), caller, result("1", "d"), ChatMessage(.user, "e"),
                ChatMessage(.assistant, "f"), ChatMessage(.assistant, "g"),
            ],
            for: capabilities { ($0.requiresAlternation, $0.acceptsTypedContent) = (true, false) })
        #expect(
            folded.messages.map(\.role) == [
                .system, .user, .assistant, .user, .assistant, .tool, .assistant,
            ])
        #expect(folded.messages.map(\.text) == ["s", "", "a", "b\n\nc", "", "d\n\ne", "f\n\ng"])
    }

    @Test func `every text is kept, in order, in a form that the template accepts`() {
        for seed in 0 as UInt64..<2_000 {
            var random = SeededGenerator(seed: seed)
            let capabilities = Self.capabilities(&random)
            let conversation = Self.conversation(&random)
            let tools = Bool.random(using: &random) ? [ToolDefinition(name: "tool")] : []
            let folded = FoldedConversation(conversation, tools: tools, for: capabilities)
            let words = folded.messages.flatMap { $0.text.split { !$0.isNumber } }
            let expected = conversation.flatMap { $0.content.map { $0.text.dropLast() } }
            #expect(words == expected, "seed \(seed)")
            #expect(
                folded.messages.compactMap(\.reasoning).joined(separator: "\n\n")
                    == conversation.compactMap(\.reasoning).joined(separator: "\n\n"))
            let problem = Self.problem(folded, capabilities)
            #expect(problem == nil, "seed \(seed)")
            let calls = conversation.flatMap(\.calls).count
            let texts = folded.messages.map { $0.text.components(of: "</tool_call>") }
            let written = texts.reduce(0, +) - (capabilities.rendersTools || tools.isEmpty ? 0 : 1)
            #expect(folded.messages.flatMap(\.calls).count + written == calls, "seed \(seed)")
        }
    }
}

extension FoldedConversationTests {
    private static func capabilities(
        _ random: inout SeededGenerator
    ) -> TemplateCapabilities {
        var capabilities = TemplateCapabilities()
        for path: WritableKeyPath<TemplateCapabilities, Bool> in [
            \.rendersSystem, \.rendersLaterSystem, \.rendersSeveralSystems, \.rendersDeveloper,
            \.rendersTools, \.rendersCalls, \.rendersParallelCalls, \.rendersToolResults,
            \.acceptsTypedContent, \.requiresAlternation,
        ] {
            capabilities[keyPath: path] = Bool.random(using: &random)
        }
        return capabilities
    }

    /// Messages of texts that are numbers, no two the same.
    private static func conversation(_ random: inout SeededGenerator) -> [ChatMessage] {
        var word = 0
        var calls: [String] = []
        return (0..<Int.random(in: 1..<12, using: &random)).map { _ in
            let role = ChatMessage.Role.allCases.randomElement(using: &random) ?? .user
            var message = ChatMessage(role, [])
            for _ in 0..<Int.random(in: role == .assistant ? 0..<3 : 1..<3, using: &random) {
                message.content.append(.text("\(word)."))
                word += 1
            }
            if role == .tool { message.callID = calls.popLast() }
            guard role == .assistant else { return message }
            for index in 0..<Int.random(in: 0..<3, using: &random) {
                calls.append("call\(word)-\(index)")
                message.calls.append(
                    ToolCall(id: calls[calls.count - 1], name: "f", arguments: "{}"))
            }
            if Bool.random(using: &random) { message.reasoning = "thought \(word)" }
            return message
        }
    }

    /// What of a conversation a template does not accept.
    private static func problem(
        _ folded: FoldedConversation, _ capabilities: TemplateCapabilities
    ) -> String? {
        let messages = folded.messages
        let leading = messages.prefix { $0.role == .system }.count
        if !capabilities.rendersDeveloper, messages.contains(where: { $0.role == .developer }) {
            return "developer"
        }
        if !capabilities.rendersSystem, leading > 0 { return "system" }
        if !capabilities.rendersSeveralSystems, leading > 1 { return "systems" }
        if !capabilities.rendersLaterSystem,
            messages.dropFirst(leading).contains(where: { $0.role == .system })
        {
            return "system in the middle"
        }
        if !capabilities.rendersTools, !folded.tools.isEmpty { return "tools" }
        if !capabilities.rendersToolResults, messages.contains(where: { $0.role == .tool }) {
            return "results"
        }
        let most = capabilities.rendersCalls ? (capabilities.rendersParallelCalls ? 100 : 1) : 0
        if messages.contains(where: { $0.calls.count > most }) { return "calls" }
        if !capabilities.acceptsTypedContent, messages.contains(where: { $0.content.count > 1 }) {
            return "parts"
        }
        guard capabilities.requiresAlternation else { return nil }
        let turns = messages.filter {
            $0.calls.isEmpty && ($0.role == .user || $0.role == .assistant)
        }
        for (index, turn) in turns.enumerated()
        where (turn.role == .user) != index.isMultiple(of: 2) { return "turns" }
        return nil
    }
}

extension String {
    /// How often a text is in it.
    fileprivate func components(of text: String) -> Int {
        var count = 0
        var rest = self[...]
        while let range = rest.firstRange(of: text) {
            count += 1
            rest = rest[range.upperBound...]
        }
        return count
    }
}
