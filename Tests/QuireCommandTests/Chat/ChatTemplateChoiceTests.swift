import TestSupport
import Testing

@testable import quire

/// `--chat-template`: which template a conversation is written with.
struct ChatTemplateChoiceTests {
    private let own = ["default": "{{ 1 }}", "tool_use": "{{ 2 }}"]

    @Test func `without a word it is the model's own, if there is one`() throws {
        let choice = try ChatTemplateChoice(nil, own: own)
        #expect(choice?.source == "{{ 1 }}" && choice?.isOwn == true)
        #expect(try ChatTemplateChoice(nil, own: [:]) == nil)
    }

    @Test func `a word is a built-in one, one of the model's, or a file`() throws {
        #expect(try ChatTemplateChoice("chatml", own: own)?.source.contains("im_start") == true)
        #expect(try ChatTemplateChoice("tool_use", own: own)?.source == "{{ 2 }}")
        let folder = try TemporaryFolder()
        let path = try folder.write("t.jinja", Array("{{ 3 }}".utf8))
        #expect(try ChatTemplateChoice(path, own: own)?.source == "{{ 3 }}")
        withExtendedLifetime(folder) {}
    }

    @Test(arguments: [
        ("chatmll", "Did you mean chatml?"), ("tool_us", "Did you mean tool_use?"),
        ("vicuna", "chatml, gemma, llama2, llama3, mistral, phi3, zephyr"),
        ("./none.jinja", "cannot be read"), ("/dev/zero", "not a regular file"),
    ])
    func `an unknown one lists what there is`(word: String, hint: String) {
        let error = #expect(throws: (any Error).self) { try ChatTemplateChoice(word, own: own) }
        #expect(error.map { "\($0)" }?.contains(hint) == true)
    }
}
