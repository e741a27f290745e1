import QuireJSON
import Testing

@testable import ChatTemplates

/// The chat templates for models that bring none.
struct BuiltInTemplatesTests {
    private static let names: [JSONValue.Member] = [
        .init("bos_token", "<s>"), .init("eos_token", "</s>"),
    ]
    private static let conversation = [
        ChatMessage(.system, "Be brief."), ChatMessage(.user, "Hi"), ChatMessage(.assistant, "Ho"),
        ChatMessage(.user, "Bye"),
    ]

    private func render(_ name: String, _ messages: [ChatMessage]) throws -> String {
        let source = try #require(BuiltInTemplates.source(name))
        let template = try ChatTemplate(parsing: source)
        let learned = FormatLearner.learn(template, names: Self.names)
        let capabilities = TemplateCapabilities.probe(template, learned, names: Self.names)
        let folded = FoldedConversation(messages, for: capabilities)
        let context = TemplateContext(
            folded.messages, form: learned.form, beginsAnswer: true, names: Self.names)
        return try template.render(context, now: try #require(TemplateDate("2026-11-30"))).string
    }

    @Test(arguments: [
        (
            "chatml",
            "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n"
                + "<|im_start|>assistant\nHo<|im_end|>\n<|im_start|>user\nBye<|im_end|>\n"
                + "<|im_start|>assistant\n"
        ),
        (
            "gemma",
            "<s><start_of_turn>user\nBe brief.\n\nHi<end_of_turn>\n<start_of_turn>model\n"
                + "Ho<end_of_turn>\n<start_of_turn>user\nBye<end_of_turn>\n<start_of_turn>model\n"
        ),
        (
            "llama2",
            "<s>[INST] <<SYS>>\nBe brief.\n<</SYS>>\n\nHi [/INST] Ho </s><s>[INST] Bye [/INST]"
        ),
        (
            "llama3",
            "<s><|start_header_id|>system<|end_header_id|>\n\nBe brief.<|eot_id|>"
                + "<|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|>"
                + "<|start_header_id|>assistant<|end_header_id|>\n\nHo<|eot_id|>"
                + "<|start_header_id|>user<|end_header_id|>\n\nBye<|eot_id|>"
                + "<|start_header_id|>assistant<|end_header_id|>\n\n"
        ),
        ("mistral", "<s>[INST] Be brief.\n\nHi [/INST] Ho</s>[INST] Bye [/INST]"),
        (
            "phi3",
            "<|system|>\nBe brief.<|end|>\n<|user|>\nHi<|end|>\n<|assistant|>\nHo<|end|>\n"
                + "<|user|>\nBye<|end|>\n<|assistant|>\n"
        ),
        (
            "zephyr",
            "<|system|>\nBe brief.</s>\n<|user|>\nHi</s>\n<|assistant|>\nHo</s>\n"
                + "<|user|>\nBye</s>\n<|assistant|>\n"
        ),
    ])
    func `each writes a conversation as its family was trained`(
        name: String, expected: String
    ) throws {
        #expect(try render(name, Self.conversation) == expected)
    }

    @Test(arguments: BuiltInTemplates.names)
    func `nothing that is said is lost, whatever the roles and their order`(name: String) throws {
        var result = ChatMessage(.tool, "result-7")
        result.callID = "abcdefghi"
        var call = ChatMessage(.assistant, "call-5")
        call.calls = [ToolCall(id: "abcdefghi", name: "tool-6", arguments: "{}")]
        let messages = [
            ChatMessage(.system, "first-1"), ChatMessage(.developer, "second-2"),
            ChatMessage(.user, "user-3"), ChatMessage(.user, "user-4"), call, result,
            ChatMessage(.system, "later-8"), ChatMessage(.user, "user-9"),
        ]
        let text = try render(name, messages)
        for word in [
            "first-1", "second-2", "user-3", "user-4", "call-5", "tool-6", "result-7", "later-8",
            "user-9",
        ] { #expect(text.contains(word), "\(word) in \(text)") }
    }

    @Test(arguments: BuiltInTemplates.names)
    func `a conversation that goes on begins as before`(name: String) throws {
        let before = try render(name, Array(Self.conversation.prefix(2)))
        #expect(try render(name, Self.conversation).hasPrefix(before))
    }

    @Test func `names are found whatever their case, and others are none`() {
        #expect(BuiltInTemplates.source("ChatML") == BuiltInTemplates.source("chatml"))
        #expect(BuiltInTemplates.source("vicuna") == nil)
        #expect(BuiltInTemplates.names == BuiltInTemplates.names.sorted())
    }
}
