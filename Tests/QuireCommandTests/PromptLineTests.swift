import Conversation
import Foundation
import QuireIdentifiers
import QuireJSON
import TestSupport
import Testing

@testable import quire

/// A file of prompts for `quire generate`.
struct PromptLineTests {
    private func read(_ text: String) throws -> [(number: Int, prompt: PromptLine?, error: String)]
    {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let path = folder.path("prompts.jsonl")
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        return try PromptLine.read(path).map { number, prompt in
            switch prompt {
            case .success(let line): (number, line, "")
            case .failure(let failure): (number, nil, failure.message)
            }
        }
    }

    @Test func `a prompt may hold any character that is no line end`() throws {
        let texts = ["a\u{2028}b", "a\u{85}b", "a\u{2029}b"]
        let lines = try read(texts.map { "\"\($0)\"\r\n{\"prompt\": \"\($0)\"}\n" }.joined())
        #expect(lines.map(\.prompt?.prompt) == texts.flatMap { [.text($0), .text($0)] })
    }

    @Test func `an id is a string or an integer and stays what it is`() throws {
        let lines = try read(
            """
            {"id": "a", "prompt": "x"}
            {"prompt": [1, 2], "id": 7}
            {"prompt": "x", "id": null}
            "x"
            """)
        #expect(lines.map(\.prompt?.id) == [.text("a"), .number(7), nil, nil])
        #expect(lines[1].prompt?.prompt == .tokens([TokenID(1), TokenID(2)]))
        #expect(try JSONText.line([PromptID.text("a"), .number(7)]) == "[\"a\",7]")
    }

    @Test(arguments: [
        ("{\"prompt\": \"x\", \"max_tokens\": 3}", "max_tokens"),
        ("{\"promt\": \"x\"}", "prompt"), ("{\"prompt\": 7}", "`prompt` must be"),
        ("{\"prompt\": [1, -1]}", "`prompt` must be"), ("{\"prompt\": \"x\", \"id\": [1]}", "`id`"),
        ("7", "object"), ("{\"prompt\": \"x\"", "byte"), ("{}", "`prompt` is missing"),
        ("{\"prompt\": null}", "`prompt` is missing"),
    ])
    func `what is wrong with a line is said`(line: String, words: String) throws {
        let lines = try read("\"first\"\n\n\(line)\n\"last\"")
        #expect(lines.map(\.number) == [1, 3, 4])
        #expect(lines[1].prompt == nil)
        #expect(lines[1].error.contains(words), "\(lines[1].error)")
    }

    @Test func `bytes that are no UTF-8 are an error of their line`() throws {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let path = folder.path("prompts.jsonl")
        try Data([0x22, 0xFF, 0x22, 0x0A, 0x22, 0x61, 0x22]).write(to: URL(fileURLWithPath: path))
        let lines = try PromptLine.read(path)
        #expect(throws: PromptLine.Failure.self) { try lines[0].prompt.get() }
        #expect(try lines[1].prompt.get().prompt == .text("a"))
    }

    @Test func `raw ids are numbers with commas between them`() {
        #expect(PromptText(rawIDs: "1,2, 3") == .tokens([1, 2, 3]))
        #expect(PromptText(rawIDs: "7") == .tokens([7]))
        for wrong in ["", ",", "1,", "1 2", "1 2,x", "-1", "4294967296", "1.5"] {
            #expect(PromptText(rawIDs: wrong) == nil, "\(wrong)")
        }
    }
}
