import ChatTemplates
import QuireJSON
import Testing

@testable import Conversation

/// Messages as clients send them.
struct ChatMessagesTests {
    private func messages(_ list: String) throws -> [ChatMessage] {
        try ChatRequest.parse(messages: "[\(list)]").messages
    }

    /// S19
    @Test func `content is a string or parts, and unknown members are passed over`() throws {
        for content in [
            "\"ab\"", "[{\"type\": \"text\", \"text\": \"ab\"}]", "[\"a\", \"b\"]",
            "[{\"type\": \"text\", \"text\": \"a\"}, {\"text\": \"b\", \"cache_control\": {}}]",
            "[{\"type\": \"input_text\", \"text\": \"ab\"}]",
        ] {
            let read = try messages("{\"role\": \"user\", \"content\": \(content), \"x\": [1]}")
            #expect(read.map(\.text) == ["ab"], "\(content)")
        }
    }

    @Test func `all roles, and the older one of results`() throws {
        let read = try messages(
            """
            {"role": "system", "content": "s"}, {"role": "developer", "content": "d"},
            {"role": "user", "content": "u", "name": "Ann"}, {"role": "assistant"},
            {"role": "function", "name": "f", "content": "r"},
            {"role": "assistant", "content": null, "refusal": "no"}
            """)
        #expect(read.map(\.role) == [.system, .developer, .user, .assistant, .tool, .assistant])
        #expect(read[2].name == "Ann")
        #expect(read[3].content.isEmpty)
        #expect(read[4].name == "f" && read[4].callID == nil)
        #expect(read[5].text == "no")
    }

    @Test(arguments: ["reasoning_content", "reasoning", "thinking"])
    func `thoughts of the history have several names`(name: String) throws {
        let read = try messages(
            "{\"role\": \"assistant\", \"content\": \"a\", \"\(name)\": \"hm\"}")
        #expect(read[0].reasoning == "hm")
        #expect(try messages("{\"role\": \"user\", \"content\": \"\"}")[0].reasoning == nil)
    }

    private static func call(_ id: String?, _ name: String, _ arguments: String) -> String {
        let id = id.map { "\"id\": \"\($0)\", " } ?? ""
        return "{\(id)\"type\": \"function\", \"function\": "
            + "{\"name\": \"\(name)\", \"arguments\": \(arguments)}}"
    }

    private static func result(_ id: String?, _ text: String) -> String {
        let id = id.map { "\"tool_call_id\": \"\($0)\", " } ?? ""
        return "{\"role\": \"tool\", \(id)\"content\": \"\(text)\"}"
    }

    private static func calls(_ calls: [String]) -> String {
        "{\"role\": \"assistant\", \"content\": null, "
            + "\"tool_calls\": [\(calls.joined(separator: ","))]}"
    }

    @Test func `arguments are a text or an object`() throws {
        let read = try messages(
            Self.calls([
                Self.call("a", "f", #""{\"x\": 1}""#), Self.call("b", "g", #"{"x": [1, null]}"#),
                Self.call("c", "h", "null"), Self.call("d", "i", #""no json""#),
            ]))
        #expect(
            read[0].calls == [
                ToolCall(id: "a", name: "f", arguments: #"{"x": 1}"#),
                ToolCall(id: "b", name: "g", arguments: #"{"x":[1,null]}"#),
                ToolCall(id: "c", name: "h", arguments: "{}"),
                ToolCall(id: "d", name: "i", arguments: "no json"),
            ])
        let older = try messages(
            """
            {"role": "assistant", "function_call": {"name": "f", "arguments": "{}"}},
            {"role": "function", "name": "f", "content": "r"}
            """)
        #expect(older[0].calls.map(\.name) == ["f"])
        #expect(older[1].callID == older[0].calls[0].id)
    }

    @Test func `ids that come twice or not at all are made unique, and results find their calls`()
        throws
    {
        let read = try messages(
            [
                Self.calls([Self.call("x", "f", "{}"), Self.call("x", "g", "{}")]),
                Self.result("x", "1"), Self.result("x", "2"), Self.result("x", "more"),
                Self.calls([Self.call("x", "h", "{}"), Self.call(nil, "i", "{}")]),
                Self.calls([Self.call("x_2", "j", "{}"), Self.call("", "k", "{}")]),
                Self.result("x", "3"), Self.result(nil, "4"), Self.result("x_2", "5"),
                Self.result(nil, "6"), Self.result(nil, "none"), Self.result("lost", "7"),
            ].joined(separator: ","))
        let calls = read.flatMap(\.calls)
        #expect(Set(calls.map(\.id)).count == calls.count)
        #expect(calls.map(\.name) == ["f", "g", "h", "i", "j", "k"])
        let results = read.filter { $0.role == .tool }
        let names = results.map { result in calls.first { $0.id == result.callID }?.name }
        #expect(names == ["f", "g", "g", "h", "i", "j", "k", nil, nil])
        #expect(results.map(\.name) == ["f", "g", "g", "h", "i", "j", "k", nil, nil])
        #expect(results.map(\.callID).suffix(2) == [nil, "lost"])
    }

    @Test func `a result may be a list of parts or empty`() throws {
        let read = try messages(
            """
            {"role": "tool", "content": [{"type": "text", "text": "a"}, {"text": "b"}]},
            {"role": "tool", "content": null}, {"role": "tool", "content": []}
            """)
        #expect(read.map(\.text) == ["ab", "", ""])
    }

    @Test(arguments: [
        ("3", "messages[0]"), ("{}", "messages[0].role"),
        (#"{"role": "ghost", "content": ""}"#, "messages[0].role"),
        (#"{"role": 3, "content": ""}"#, "messages[0].role"),
        (#"{"role": "user"}"#, "messages[0].content"),
        (#"{"role": "user", "content": null}"#, "messages[0].content"),
        (#"{"role": "user", "content": 5}"#, "messages[0].content"),
        (#"{"role": "user", "content": [5]}"#, "messages[0].content[0]"),
        (#"{"role": "user", "content": [{"text": 1}]}"#, "messages[0].content[0].text"),
        (#"{"role": "user", "content": [{"type": "text"}]}"#, "messages[0].content[0].text"),
        (
            #"{"role": "user", "content": ["", {"type": "image_url", "image_url": {"url": "x"}}]}"#,
            "messages[0].content[1].type"
        ),
        (#"{"role": "user", "content": [{"type": "input_audio"}]}"#, "messages[0].content[0].type"),
        (#"{"role": "user", "content": "", "images": ["x"]}"#, "messages[0].images"),
        (#"{"role": "assistant", "audio": {"id": "x"}}"#, "messages[0].audio"),
        (#"{"role": "assistant", "tool_calls": {}}"#, "messages[0].tool_calls"),
        (#"{"role": "assistant", "tool_calls": [1]}"#, "messages[0].tool_calls[0]"),
        (
            #"{"role": "assistant", "tool_calls": [{"type": "custom"}]}"#,
            "messages[0].tool_calls[0].type"
        ),
        (#"{"role": "assistant", "tool_calls": [{}]}"#, "messages[0].tool_calls[0].function"),
        (
            #"{"role": "assistant", "tool_calls": [{"function": {"name": "f", "arguments": 1}}]}"#,
            "messages[0].tool_calls[0].function.arguments"
        ),
    ])
    func `what is wrong with a message is named by its place`(text: String, name: String) {
        let error = #expect(throws: RequestError.self) { try messages(text) }
        #expect(error?.param == name)
        #expect(error?.message.contains("`\(name)`") == true, "\(error?.message ?? "")")
    }

    /// The time of a reader that is quadratic would be hours.
    @Test func `a hundred thousand messages are read in one pass, and one more is refused`() throws
    {
        let most = ConversationLimits.maxMessages
        let call: JSONValue = [
            "role": "assistant", "tool_calls": [["id": "x", "function": ["name": "f"]]],
        ]
        let result: JSONValue = ["role": "tool", "tool_call_id": "x", "content": "r"]
        let pairs = Array(repeating: [call, result], count: most / 2).flatMap { $0 }
        func read(_ list: [JSONValue]) throws -> ChatRequest {
            try ChatRequest(
                chatCompletion: .object([JSONValue.Member("messages", .array(list))]),
                unknown: .named)
        }
        let messages = try read(pairs).messages
        #expect(messages.count == most)
        #expect(messages.last?.callID == messages[most - 2].calls[0].id)
        let error = #expect(throws: RequestError.self) { try read(pairs + [result]) }
        #expect(error?.param == "messages")
    }
}
