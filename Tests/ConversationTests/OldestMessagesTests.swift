import ChatTemplates
import Testing

@testable import Conversation

/// Conversations that are too long, turn by turn shorter.
struct OldestMessagesTests {
    @Test func `the oldest turn goes with its results, instructions and the last message stay`() {
        var caller = ChatMessage(.assistant, [])
        caller.calls = [ToolCall(id: "1", name: "f", arguments: "{}")]
        var messages: [ChatMessage]? = [
            ChatMessage(.system, "s"), ChatMessage(.user, "a"), caller, ChatMessage(.tool, "r"),
            ChatMessage(.tool, "r"), ChatMessage(.user, "b"),
        ]
        var texts: [String] = []
        while let shorter = messages {
            texts.append(shorter.map(\.text).joined(separator: ","))
            messages = shorter.withoutOldestTurn
        }
        #expect(texts == ["s,a,,r,r,b", "s,,r,r,b", "s,b"])
    }

    @Test func `a question with the calls that it led to is not given up`() {
        let messages = [ChatMessage(.user, "a"), ChatMessage(.tool, "r")]
        #expect(messages.withoutOldestTurn == nil)
        #expect([ChatMessage]().withoutOldestTurn == nil)
    }
}
