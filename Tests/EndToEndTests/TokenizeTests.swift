import Foundation
import Testing

/// `quire tokenize`, there and back.
struct TokenizeTests {
    private func tokenize(_ arguments: String..., input: String = "") throws
        -> QuireProcess.Outcome
    {
        try QuireProcess.run(
            ["tokenize", "--model", QuireProcess.demoModel.path] + arguments, input: input)
    }

    @Test(arguments: [
        "Once upon a time", "Grüß Gott, 你好 🐻!", "tab\tand\nnew line", "  two  spaces ",
    ])
    func `ids decode to the text that they came from`(text: String) throws {
        let encoded = try tokenize("--text", text, "--format", "json")
        #expect(encoded.succeeded, "\(encoded.stderr)")
        let object = try #require(try encoded.jsonLines().first)
        #expect(Set(object.keys) == ["count", "tokens", "pieces"])
        let tokens = try #require(object["tokens"] as? [Int])
        #expect(object["count"] as? Int == tokens.count)

        let ids = tokens.map(String.init).joined(separator: " ")
        let decoded = try tokenize("--decode", "--format", "json", input: ids)
        #expect(decoded.succeeded, "\(decoded.stderr)")
        #expect(try decoded.jsonLines().first?["text"] as? String == text)
        let plain = try tokenize("--decode", "--text", ids)
        #expect(plain.stdout == text + "\n")
    }

    @Test func `stdin is read where no text is given`() throws {
        let fromStdin = try tokenize("--format", "json", input: "The moon")
        let fromOption = try tokenize("--text", "The moon", "--format", "json")
        #expect(fromStdin.succeeded)
        #expect(fromStdin.stdout == fromOption.stdout)
    }

    @Test func `ids that no token has are an error`() throws {
        let run = try tokenize("--decode", input: "1 999999")
        #expect(!run.succeeded)
        #expect(!run.signalled)
        #expect(run.stderr.contains("999999"))
    }
}
