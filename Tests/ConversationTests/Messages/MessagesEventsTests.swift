import ChatTemplates
import QuireEngine
import QuireJSON
import Testing

@testable import Conversation

/// Answers of the Messages interface, streamed and whole.
struct MessagesEventsTests {
    private func events(
        _ events: [AnswerEvent], _ thoughts: MessagesRequest.Thoughts = .shown
    ) -> [DialectEvent] {
        var stream = MessagesEvents(id: "msg_1", model: "m", thoughts: thoughts)
        return events.flatMap { stream.events(for: $0) }
    }

    @Test func `an answer of a thought, a text and a call`() throws {
        var usage = AnswerUsage()
        (usage.promptTokens, usage.cachedTokens, usage.answerTokens) = (9, 4, 5)
        let got = events([
            .began(promptTokens: 9), .waiting, .reasoning("h"), .reasoning("m"), .text("a"),
            .callBegan(index: 0, id: "c", name: "f"), .callArguments(index: 0, "{\"x\""),
            .callArguments(index: 0, ":1}"), .callEnded(index: 0), .ended(AnswerEnd(.calls, usage)),
        ])
        let names = [
            "message_start", "ping", "content_block_start", "content_block_delta",
            "content_block_delta", "content_block_delta", "content_block_stop",
            "content_block_start", "content_block_delta", "content_block_stop",
            "content_block_start", "content_block_delta", "content_block_delta",
            "content_block_stop", "message_delta", "message_stop",
        ]
        #expect(got.map(\.name) == names)
        #expect(got.allSatisfy { $0.body["type"] == .string($0.name) })
        #expect(got[0].body["message", "usage", "input_tokens"] == 9)
        #expect(got[2].body["content_block", "type"] == "thinking")
        #expect(got[3].body["delta"] == ["type": "thinking_delta", "thinking": "h"])
        #expect(got[5].body["delta"] == ["type": "signature_delta", "signature": "quire:"])
        #expect(got[8].body["delta"] == ["type": "text_delta", "text": "a"])
        #expect(
            got[10].body["content_block"]
                == ["type": "tool_use", "id": "c", "name": "f", "input": [:]])
        #expect(got[12].body["delta"] == ["type": "input_json_delta", "partial_json": ":1}"])
        #expect(got[12].body["index"] == 2)
        #expect(got[14].body["delta"] == ["stop_reason": "tool_use", "stop_sequence": nil])
        #expect(got[14].body["usage", "input_tokens"] == 5)
        #expect(got[14].body["usage", "cache_read_input_tokens"] == 4)
        #expect(got[14].body["usage", "output_tokens"] == 5)
    }

    @Test(arguments: [
        (AnswerEnd.Reason.stop, "end_turn", JSONValue.null), (.length, "max_tokens", .null),
        (.stopCondition(.string("x")), "stop_sequence", "x"),
        (.stopCondition(.repetition), "end_turn", .null),
    ])
    func `an end has the interface's words`(
        reason: AnswerEnd.Reason, word: String, sequence: JSONValue
    ) throws {
        let last = events([.began(promptTokens: 1), .ended(AnswerEnd(reason, AnswerUsage()))])
        let delta: JSONValue = ["stop_reason": .string(word), "stop_sequence": sequence]
        #expect(last[1].body["delta"] == delta)
    }

    @Test func `an answer that fails ends with an error`() throws {
        let error = RequestError("no", code: .modelFailed)
        let end = AnswerEvent.ended(AnswerEnd(.failed(error), AnswerUsage()))
        let got = events([.began(promptTokens: 1), .text("a"), end])
        #expect(got.map(\.name).suffix(2) == ["content_block_stop", "error"])
        #expect(got.last?.body == MessagesError.body(error))
        var answer = ChatAnswer()
        answer.append(end)
        let whole = MessagesAnswer(id: "msg_1", model: "m", thoughts: .shown)
        #expect(throws: error) { try whole.body(answer) }
    }

    @Test func `arguments that are no object are kept under a name`() throws {
        var answer = ChatAnswer()
        for (index, text) in ["[1]", " ", "{\"a\": 1}"].enumerated() {
            answer.append(.callBegan(index: index, id: "c", name: "f"))
            answer.append(.callArguments(index: index, text))
        }
        let body = try MessagesAnswer(id: "msg_1", model: "m", thoughts: .shown).body(answer)
        let inputs = body["content"]?.array?.map { $0["input"] }
        #expect(inputs == [["arguments": "[1]"], [:], ["a": 1]])
    }

    @Test(arguments: [MessagesRequest.Thoughts.shown, .omitted, .none])
    func `events appended are the answer`(thoughts: MessagesRequest.Thoughts) throws {
        for seed in 0 as UInt64..<300 {
            let random = RandomAnswer(seed: seed, tools: ["f", "g"])
            let body = try MessagesAnswer(id: "msg_1", model: "m", thoughts: thoughts)
                .body(random.answer)
            #expect(try joined(events(random.events, thoughts)) == body, "seed \(seed)")
        }
    }

    /// What a client makes of the events.
    private func joined(_ events: [DialectEvent]) throws -> JSONValue {
        var blocks: [JSONValue] = []
        var texts: [String] = []
        var signatures: [String] = []
        var message: [JSONValue.Member] = []
        for event in events {
            switch event.name {
            case "message_start": message = event.body["message"]?.members ?? []
            case "content_block_start":
                #expect(event.body["index"]?.integer == blocks.count)
                blocks.append(try #require(event.body["content_block"]))
                texts.append("")
                signatures.append("")
            case "content_block_delta":
                #expect(event.body["index"]?.integer == blocks.count - 1)
                let delta = event.body["delta"]
                signatures[blocks.count - 1] += delta?["signature"]?.string ?? ""
                texts[blocks.count - 1] +=
                    (delta?["text"] ?? delta?["thinking"] ?? delta?["partial_json"])?.string ?? ""
            case "message_delta":
                for key in ["stop_reason", "stop_sequence", "usage"] {
                    let value = event.body[key] ?? event.body["delta", key] ?? .null
                    let index = try #require(message.firstIndex { $0.key == key })
                    message[index].value = value
                }
            default: break
            }
        }
        for index in blocks.indices {
            let text = texts[index]
            blocks[index] =
                switch blocks[index]["type"]?.string {
                case "text": ["type": "text", "text": .string(text)]
                case "thinking":
                    [
                        "type": "thinking", "thinking": .string(text),
                        "signature": .string(signatures[index]),
                    ]
                default:
                    .object(
                        (blocks[index].members ?? []).dropLast()
                            + [.init("input", text.isEmpty ? [:] : try .parsed(text))])
                }
        }
        let content = try #require(message.firstIndex { $0.key == "content" })
        message[content].value = .array(blocks)
        return .object(message)
    }
}
