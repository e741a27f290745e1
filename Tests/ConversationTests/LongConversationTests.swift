import ChatTemplates
import QuireJSON
import Testing

@testable import Conversation

/// Conversations of as many small pieces as a body may have: what is done for each takes the same
/// time, however many there are before it.
@Suite(.timeLimit(.minutes(20))) struct LongConversationTests {
    private static let count = 20_000

    private func list(_ items: [JSONValue]) -> JSONValue {
        .array((0..<Self.count).map { items[$0 % items.count] })
    }

    @Test func `many items of a response`() throws {
        for items: [JSONValue] in [
            [["type": "reasoning", "summary": [["text": "a"]]]],
            [["role": "assistant", "content": "a"], ["role": "system", "content": "b"]],
            [["role": "system", "content": ""]],
            [["type": "function_call", "name": "f", "call_id": "c", "arguments": "{}"]],
            [
                [
                    "type": "function_call_output", "call_id": "c",
                    "output": [["type": "input_image"]],
                ]
            ],
        ] {
            let request = try ResponsesRequest(["input": list(items)])
            #expect(request.chat.ignored.count <= 16)
            fold(request.chat.messages)
        }
    }

    @Test func `many messages and blocks`() throws {
        for items: [JSONValue] in [
            [["role": "user", "content": "a"]], [["role": "user", "content": ""]],
            [["role": "assistant", "content": "a"], ["role": "user", "content": "b"]],
        ] {
            let body: JSONValue = ["max_tokens": 1, "messages": list(items)]
            fold(try MessagesRequest(body).chat.messages)
        }
        for block: JSONValue in [
            ["type": "text", "text": "a"],
            ["type": "thinking", "thinking": "a", "signature": ""],
        ] {
            let message: JSONValue = ["role": "assistant", "content": list([block])]
            let last: JSONValue = ["role": "user", "content": "a"]
            let body: JSONValue = ["max_tokens": 1, "messages": [message, last]]
            fold(try MessagesRequest(body).chat.messages)
        }
    }

    private func fold(_ messages: [ChatMessage]) {
        var none = TemplateCapabilities()
        (none.rendersSystem, none.rendersLaterSystem, none.rendersDeveloper) = (false, false, false)
        (none.rendersCalls, none.rendersToolResults, none.requiresAlternation) = (
            false, false, true
        )
        none.acceptsTypedContent = false
        var one = none
        (one.rendersCalls, one.rendersParallelCalls, one.rendersToolResults) = (true, false, true)
        (one.rendersSystem, one.rendersSeveralSystems) = (true, false)
        for capabilities in [none, one] {
            let folded = FoldedConversation(messages, for: capabilities)
            let most = 2 * messages.count + messages.reduce(0) { $0 + $1.calls.count } + 2
            #expect(folded.messages.count <= most)
        }
    }
}
