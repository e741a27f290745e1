import ChatTemplates
import QuireJSON
import Testing

@testable import Conversation

/// What `previous_response_id` and references to items find.
struct ResponseStoreTests {
    private func answer(_ text: String) -> ChatAnswer {
        var answer = ChatAnswer()
        for event: AnswerEvent in [
            .reasoning("hm"), .text(text), .callBegan(index: 0, id: "c", name: "f"),
            .callArguments(index: 0, "{}"), .ended(AnswerEnd(.calls, AnswerUsage())),
        ] { answer.append(event) }
        return answer
    }

    private func heading(_ number: Int) -> ResponseHeading {
        ResponseHeading(id: "resp_\(number)", created: 0, model: "m")
    }

    private func request(
        _ members: String, _ store: ResponseStore = ResponseStore()
    ) throws -> ResponsesRequest {
        try ResponsesRequest(.parsed("{\(members)}"), store: store)
    }

    @Test func `a conversation goes on from a stored answer`() throws {
        var store = ResponseStore()
        let first = try request(#""input": "a", "instructions": "one""#)
        store.add(answer("b"), to: first, heading(1))
        let second = try request(
            #""previous_response_id": "resp_1", "instructions": "two", "input": ["#
                + #"{"type": "function_call_output", "call_id": "c", "output": "r"}]"#, store)
        #expect(second.chat.messages.map(\.role) == [.system, .user, .assistant, .tool])
        #expect(second.chat.messages[0].text == "two")
        #expect(second.chat.messages[2].reasoning == "hm" && second.chat.messages[2].text == "b")
        #expect(second.chat.messages[3].name == "f")
        store.add(answer("d"), to: second, heading(2))
        #expect(
            store.conversation("resp_2")?.map(\.role) == [.user, .assistant, .tool, .assistant])
    }

    @Test func `an item may be named instead of sent`() throws {
        var store = ResponseStore()
        store.add(answer("b"), to: try request(#""input": "a""#), heading(1))
        let request = try request(
            #""input": [{"role": "user", "content": "a"}, "#
                + #"{"type": "item_reference", "id": "rs_1_0"}, "#
                + #"{"id": "msg_1_1"}, {"type": "item_reference", "id": "fc_1_2"}]"#, store)
        #expect(request.chat.messages.count == 2)
        #expect(request.chat.messages[1] == answer("b").messages[0])
    }

    @Test func `what is not to be stored is not`() throws {
        var store = ResponseStore()
        store.add(answer("b"), to: try request(#""input": "a", "store": false"#), heading(1))
        #expect(store.count == 0 && store.bytes == 0)
    }

    @Test func `the oldest give way, by number and by bytes`() throws {
        let request = try request(#""input": "a""#)
        var few = ResponseStore(maxCount: 3, maxBytes: 1 << 20)
        for number in 0..<100 {
            few.add(answer("b"), to: request, heading(number))
            #expect(few.count == min(number + 1, 3))
        }
        #expect(few.contains("resp_99") && few.contains("resp_97") && !few.contains("resp_96"))
        #expect(few.item("msg_96_1") == nil && few.item("msg_97_1") == .text("b"))

        var small = ResponseStore(maxCount: 1_000, maxBytes: 10_000)
        for number in 0..<100 {
            let text = String(repeating: "x", count: number * 37 % 3_000)
            small.add(answer(text), to: request, heading(number))
            #expect(small.bytes <= 10_000 && small.contains("resp_\(number)"))
        }
        small.add(answer(String(repeating: "x", count: 20_000)), to: request, heading(100))
        #expect(!small.contains("resp_100") && small.contains("resp_99"))
    }
}
