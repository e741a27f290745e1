import ChatTemplates
import Conversation
import QuireEngine
import Testing

@testable import quire

/// A conversation without a terminal and a model.
struct ChatConversationTests {
    private func conversation(knowsThinking: Bool = false) throws -> ChatConversation {
        try ChatConversation(
            system: "Be brief.", parameters: SamplingParameters(temperature: 0.7, minP: 0.05),
            knowsThinking: knowsThinking)
    }

    private func answer(_ text: String, thought: String? = nil) -> ChatAnswer {
        var answer = ChatAnswer()
        if let thought { answer.append(.reasoning(thought)) }
        answer.append(.text(text))
        return answer
    }

    @Test func `a request holds the instructions, what was said and the new message`() throws {
        var chat = try conversation()
        chat.append("One?", answer("Two.", thought: "Hm."))
        let request = chat.request(for: "Three?")
        #expect(request.messages.map(\.role) == [.system, .user, .assistant, .user])
        #expect(request.messages.map(\.text) == ["Be brief.", "One?", "Two.", "Three?"])
        #expect(request.messages[2].reasoning == "Hm.")
        #expect(request.parameters.maxTokens == nil)
        #expect(chat.messages.count == 2)
    }

    @Test func `an answer that was stopped keeps what was said`() throws {
        var chat = try conversation()
        chat.append("Tell a story", answer("Once upon"))
        #expect(chat.whole.last == ChatMessage(.assistant, "Once upon"))
        chat.append("Go on", ChatAnswer())
        #expect(chat.whole.last == ChatMessage(.user, "Go on"))
        #expect(try chat.retried().text == "Go on")
    }

    @Test func `undo takes the last turn back, and nothing is left of it`() throws {
        var chat = try conversation()
        chat.append("One?", answer("Two."))
        let one = chat
        chat.append("Three?", answer("Four."))
        #expect(try chat.undo() == "Three?")
        #expect(chat == one)
        try chat.undo()
        #expect(chat.messages.isEmpty && chat.system == "Be brief.")
        #expect(throws: ChatRefusal.self) { try chat.undo() }
    }

    @Test func `retry answers the last message in the conversation before it`() throws {
        var chat = try conversation()
        #expect(throws: ChatRefusal.self) { try chat.retried() }
        chat.append("One?", answer("Two."))
        let (before, text) = try chat.retried()
        #expect(text == "One?" && before.messages.isEmpty)
        #expect(chat.messages.count == 2)
    }

    @Test func `a message that could not be answered waits for retry, after a clear too`() throws {
        var chat = try conversation()
        chat.append("One?", answer("Two."))
        let said = chat.messages
        chat.keep(unsent: "Too long")
        #expect(chat.messages == said)
        #expect(try chat.retried().text == "Too long")
        #expect(try chat.retried().before.messages == said)
        chat.clear()
        let (before, text) = try chat.retried()
        #expect(text == "Too long" && before.messages.isEmpty && before.system == "Be brief.")
        chat.append("Too long", answer("Five."))
        #expect(chat.unsent == nil)
    }

    @Test func `settings hold from the next answer on, and wrong ones change nothing`() throws {
        var chat = try conversation()
        try chat.set(.temperature(0))
        try chat.set(.topK(40))
        try chat.set(.seed(3))
        try chat.set(.maxTokens(5))
        let set = chat.request(for: "x").parameters
        #expect(set.temperature == 0 && set.topK == 40 && set.seed == 3 && set.maxTokens == 5)
        let wrong: [ChatSetting] = [
            .temperature(-1), .topP(2), .topK(-7), .minP(1.5), .maxTokens(0), .maxTokens(-3),
            .thinks(true),
        ]
        let before = chat
        for setting in wrong {
            #expect(throws: ChatRefusal.self, "\(setting)") { try chat.set(setting) }
        }
        #expect(chat == before)
    }

    @Test func `thinking is switched only where the template has the switch`() throws {
        var chat = try conversation(knowsThinking: true)
        #expect(chat.request(for: "x").reasoning.isEnabled == nil)
        try chat.set(.thinks(false))
        #expect(chat.request(for: "x").reasoning.isEnabled == false)
        let error = #expect(throws: ChatRefusal.self) {
            try ChatConversation(parameters: SamplingParameters(), thinks: true)
        }
        #expect(error?.description.contains("enable_thinking") == true)
    }

    @Test func `show tells instructions, messages and settings`() throws {
        var chat = try conversation()
        #expect(chat.description.contains("Nothing has been said"))
        chat.append("One?", answer("Two."))
        let shown = chat.description
        for line in ["system: Be brief.", "user: One?", "assistant: Two.", "temperature 0.7"] {
            #expect(shown.contains(line), "\(shown)")
        }
        #expect(chat.statistics(context: 9) == "Nothing has been answered yet.")
    }

    @Test func `what does not fit the context says what helps`() {
        let later = ChatRefusal(prompt: 90, context: 64, isFirst: false, isLast: false).description
        for word in ["90", "64", "/clear", "--context", "/retry", "/save"] {
            #expect(later.contains(word))
        }
        let first = ChatRefusal(prompt: 90, context: 64, isFirst: true, isLast: false).description
        #expect(first.contains("--context") && !first.contains("/clear"))
        let once = ChatRefusal(prompt: 90, context: 64, isFirst: true, isLast: true).description
        #expect(once.contains("--context") && !once.contains("/"))
    }
}
