import ChatTemplates
import Foundation
import QuireEngine
import TestSupport
import Testing

@testable import quire

/// `/save` and `/load`.
struct ChatFileTests {
    private static let messages: [ChatMessage] = {
        var calls = ChatMessage(.assistant, [], reasoning: "Look it up.")
        calls.calls = [ToolCall(id: "abcdefghi", name: "weather", arguments: "{\"at\": \"Ulm\"}")]
        var result = ChatMessage(.tool, "Rain\n")
        result.callID = "abcdefghi"
        result.name = "weather"
        return [
            ChatMessage(.system, "Be \"brief\"."), ChatMessage(.user, "Grüße\n\u{1F30D}\u{7}"),
            calls, result, ChatMessage(.assistant, [.text("It rains.")], reasoning: "Done."),
        ]
    }()

    private func read(_ text: String) throws -> [ChatMessage] {
        try ChatFile.messages(in: Array(text.utf8), path: "chat.json")
    }

    private func refusal(_ text: String) -> String {
        do {
            return "read: \(try read(text))"
        } catch {
            return "\(error)"
        }
    }

    @Test func `what is saved is loaded as it was`() throws {
        let loaded = try read(ChatFile.text(Self.messages))
        #expect(loaded.map(\.role) == Self.messages.map(\.role))
        #expect(loaded.map(\.text) == Self.messages.map(\.text))
        #expect(loaded.map(\.reasoning) == Self.messages.map(\.reasoning))
        #expect(loaded.map(\.calls) == Self.messages.map(\.calls))
        #expect(loaded[3].callID == "abcdefghi" && loaded[3].name == "weather")
    }

    @Test func `a list, an object and a message a line are read`() throws {
        let one = #"{"role": "user", "content": "Hi"}"#
        let two = #"{"role": "assistant", "content": [{"type": "text", "text": "Ho"}]}"#
        for text in [
            "[\(one), \(two)]", "{\"model\": \"m\", \"messages\": [\(one), \(two)]}",
            "\(one)\n\(two)\n", "\(one)\r\n\n\(two)",
        ] {
            #expect(try read(text).map(\.text) == ["Hi", "Ho"], "\(text)")
        }
        #expect(try read(one).count == 1)
    }

    @Test(arguments: [
        ("", "chat.json"), ("{\"messages\": [", "chat.json"), ("[]", "no messages"),
        ("{\"messages\": []}", "no messages"), ("{}", "messages"), ("7", "messages"),
        ("[7]", "messages[0]"), (#"[{"role": "wizard", "content": ""}]"#, "messages[0].role"),
        (#"[{"role": "user"}]"#, "content"), ("plain text", "chat.json"),
        ("{\"role\": \"user\", \"content\": \"a\"}\n{\"role\": ", "line 2"),
    ])
    func `a damaged file is refused with what is wrong`(text: String, hint: String) {
        let said = refusal(text)
        #expect(said.contains(hint) && !said.hasPrefix("read"), "\(said)")
    }

    @Test func `a file is its user's alone, and other files are not written over`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("chat.json")
        try ChatFile.write(Self.messages, to: path)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
        #expect(mode as? Int == 0o600)
        #expect(try ChatFile.read(path).count == 5)
        try ChatFile.write(Array(Self.messages.prefix(2)), to: path)
        #expect(try ChatFile.read(path).count == 2)
        let other = try folder.write("main.swift", Array("print(1)\n".utf8))
        #expect(throws: ChatRefusal.self) { try ChatFile.write(Self.messages, to: other) }
        #expect(try String(contentsOfFile: other, encoding: .utf8) == "print(1)\n")
        #expect(throws: (any Error).self) {
            try ChatFile.write(Self.messages, to: folder.path("none/chat.json"))
        }
        let left = try FileManager.default.contentsOfDirectory(atPath: folder.path(""))
        #expect(Set(left) == ["chat.json", "main.swift"])
    }

    @Test func `instructions of a file are those of the conversation`() throws {
        var chat = try ChatConversation(system: "Old", parameters: SamplingParameters())
        chat.load(Self.messages)
        #expect(chat.system == "Be \"brief\"." && chat.messages.count == 4)
        #expect(chat.whole == Self.messages)
        chat.load([ChatMessage(.user, "Hi")])
        #expect(chat.system == nil && chat.messages.count == 1)
    }
}
