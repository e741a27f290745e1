import ModelFiles
import QuireIdentifiers
import QuireJSON
import Testing

@testable import Tokenization

/// Prompts that ask for the middle of a text.
struct FillTests {
    private static let names = [
        "<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>", "<|repo_name|>", "<|file_sep|>",
        "<|endoftext|>",
    ]

    private func tokenizer(
        _ special: [String] = names, kind: Int32 = 3, ids: [String: String] = [:]
    ) throws -> Tokenizer {
        let plain = try #require(
            Fixtures.json("byte-level")["tokenizer"]?["model"]?["vocab"]?.members?.count)
        var writer = try Fixtures.byteLevelGGUF(
            pre: "qwen2", special: special,
            kinds: Array(repeating: 1, count: plain) + special.map { _ in kind })
        for (key, name) in ids {
            let index = try #require(special.firstIndex(of: name))
            writer.add("tokenizer.ggml.\(key)", .uint32(UInt32(plain + index)))
        }
        return try Fixtures.tokenizer(writer)
    }

    private func ids(_ tokenizer: Tokenizer, _ names: [String]) throws -> [TokenID] {
        try names.map { try #require(tokenizer.id(of: $0)) }
    }

    @Test func `the tokens are found by their texts`() throws {
        let tokenizer = try tokenizer()
        let tokens = try #require(tokenizer.fillTokens)
        let found = [tokens.prefix, tokens.suffix, tokens.middle, tokens.repository, tokens.file]
        #expect(found == (try ids(tokenizer, Array(Self.names.prefix(5)))))
    }

    @Test func `the file's own word goes before the texts, newer keys before older`() throws {
        let names = ["<x>", "<y>", "<z>", "<w>", "<|fim_prefix|>"]
        let tokenizer = try tokenizer(
            names,
            ids: [
                "fim_pre_token_id": "<x>", "prefix_token_id": "<w>", "suffix_token_id": "<y>",
                "fim_mid_token_id": "<z>",
            ])
        let tokens = try #require(tokenizer.fillTokens)
        #expect(
            [tokens.prefix, tokens.suffix, tokens.middle]
                == (try ids(tokenizer, ["<x>", "<y>", "<z>"])))
        #expect(tokens.repository == nil && tokens.file == nil)
    }

    @Test func `without one of three there is none`() throws {
        let tokenizer = try tokenizer(["<|fim_prefix|>", "<|fim_suffix|>"])
        #expect(tokenizer.fillTokens == nil)
        #expect(tokenizer.encodeFill(before: [], after: "a") == nil)
    }

    @Test func `the prompt is prefix, suffix and middle`() throws {
        let tokenizer = try tokenizer()
        let tokens = try #require(tokenizer.fillTokens)
        let before = tokenizer.encode("int a = ")
        let prompt = try #require(tokenizer.encodeFill(before: before, after: ";\n"))
        let expected =
            [tokens.prefix] + before + [tokens.suffix] + tokenizer.encode(";\n") + [tokens.middle]
        #expect(prompt == expected)
    }

    @Test func `other files come first, each with its name`() throws {
        let tokenizer = try tokenizer()
        let prompt = try #require(
            tokenizer.encodeFill(
                before: tokenizer.encodeData("x"), after: "y",
                files: [FillFile(name: "a.c", text: "int a;\n")]))
        #expect(
            tokenizer.decode(prompt, skipSpecial: false)
                == "<|repo_name|>repository\n<|file_sep|>a.c\nint a;\n<|file_sep|>current\n"
                + "<|fim_prefix|>x<|fim_suffix|>y<|fim_middle|>")
        let simple = try self.tokenizer(Array(Self.names.prefix(3)))
        let plain = try #require(
            simple.encodeFill(
                before: simple.encodeData("x"), after: "y",
                files: [FillFile(name: "a.c", text: "int a;\n")]))
        #expect(
            simple.decode(plain, skipSpecial: false)
                == "\n\n--- a.c ---\n\nint a;\n<|fim_prefix|>x<|fim_suffix|>y<|fim_middle|>")
    }

    /// Files call these tokens control (3) or text of a user's (4): either way a text cannot forge
    /// them.
    @Test(arguments: [Int32(3), 4])
    func `names of the tokens in a text are text`(kind: Int32) throws {
        let tokenizer = try tokenizer(kind: kind)
        let tokens = try #require(tokenizer.fillTokens)
        let hostile = Self.names.joined(separator: "x")
        let prompt = try #require(
            tokenizer.encodeFill(
                before: tokenizer.encodeData(hostile), after: hostile,
                files: [FillFile(name: hostile, text: hostile)]))
        let structure = tokens.all.union(try ids(tokenizer, ["<|endoftext|>"]))
        #expect(
            prompt.filter { structure.contains($0) } == [
                try #require(tokens.repository), try #require(tokens.file),
                try #require(tokens.file), tokens.prefix, tokens.suffix, tokens.middle,
            ])
    }
}
