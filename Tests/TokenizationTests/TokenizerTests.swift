import ModelFiles
import QuireIdentifiers
import TestSupport
import Testing

@testable import Tokenization

struct TokenizerTests {
    /// A SentencePiece-style vocabulary with a user-defined token of two spaces.
    private static func llama(_ more: (inout GGUFWriter) -> Void = { _ in }) throws -> Tokenizer {
        var writer = GGUFWriter()
        writer.add("tokenizer.ggml.model", text: "llama")
        let pieces =
            ["<unk>", "<s>", "</s>", "<|im_end|>", "  "]
            + MutationTests.characterPieces.dropFirst(3).map { String(decoding: $0, as: UTF8.self) }
        let kinds: [Int32] =
            [2, 3, 3, 1, 4] + pieces.dropFirst(5).map { $0.hasPrefix("<0x") ? 6 : 1 }
        writer.add("tokenizer.ggml.tokens", .array(GGUFArray(texts: pieces)))
        writer.add("tokenizer.ggml.token_type", .array(GGUFArray(int32s: kinds)))
        writer.add(
            "tokenizer.ggml.scores", .array(GGUFArray(floats: pieces.map { Float($0.count) })))
        more(&writer)
        return try Fixtures.tokenizer(writer)
    }

    @Test func `special tokens in text are text unless asked for`() throws {
        let tokenizer = try Self.llama()
        let end = try #require(tokenizer.id(of: "</s>"))
        #expect(!tokenizer.encode("ab</s>").contains(end))
        #expect(tokenizer.encode("ab</s>", parseSpecial: true).last == end)
        #expect(tokenizer.decode(tokenizer.encode("ab</s>")) == "ab</s>")
        #expect(tokenizer.decode(tokenizer.encode("ab</s>", parseSpecial: true)) == "ab")
        let named = tokenizer.decode(
            tokenizer.encode("ab</s>", parseSpecial: true), skipSpecial: false)
        #expect(named == "ab</s>")
    }

    @Test func `user-defined tokens are always found`() throws {
        let tokenizer = try Self.llama { $0.add("tokenizer.ggml.add_space_prefix", .bool(false)) }
        let spaces = try #require(tokenizer.id(of: "  "))
        #expect(tokenizer.encode("ab  ab").filter { $0 == spaces }.count == 1)
    }

    @Test func `BOS is added once and EOS when the file says so`() throws {
        let tokenizer = try Self.llama { $0.add("tokenizer.ggml.add_eos_token", .bool(true)) }
        let bos = try #require(tokenizer.bos)
        let eos = try #require(tokenizer.eos)
        #expect((bos, eos) == (1, 2))
        let plain = tokenizer.encodePrompt("ab")
        #expect(plain.first == bos && plain.last == eos)
        #expect(tokenizer.encodePrompt("<s>ab</s>", parseSpecial: true) == plain)
        #expect(tokenizer.encodePrompt("") == [bos, eos])
        let without = try Self.llama { $0.add("tokenizer.ggml.add_bos_token", .bool(false)) }
        #expect(without.encodePrompt("ab").first != bos)
    }

    @Test func `tokens that end an answer are known by name`() throws {
        let tokenizer = try Self.llama()
        let named = try #require(tokenizer.id(of: "<|im_end|>"))
        #expect(tokenizer.endOfGeneration == [2, named])
        #expect(tokenizer.isSpecial(named))
    }

    @Test func `ids beyond the vocabulary are passed over`() throws {
        let tokenizer = try Self.llama { $0.add("tokenizer.ggml.eos_token_id", .uint32(9_999)) }
        // What SentencePiece models have where nothing is said, as llama.cpp does.
        #expect(tokenizer.eos == 2)
        #expect(tokenizer.warnings.count == 1)
        #expect(tokenizer.bytes(of: TokenID(.max)).isEmpty)
        #expect(tokenizer.piece(of: TokenID(.max)) == nil)
        #expect(tokenizer.decode([TokenID(.max)]).isEmpty)
    }

    @Test func `an unknown pre-tokenizer is a warning and the default one`() throws {
        let strange = try Fixtures.tokenizer(Fixtures.byteLevelGGUF(pre: "of-tomorrow"))
        let normal = try Fixtures.tokenizer(Fixtures.byteLevelGGUF(pre: "default"))
        #expect(strange.warnings.count == 1 && strange.warnings[0].contains("of-tomorrow"))
        #expect(normal.warnings.isEmpty)
        let text = "It's 12345 <<tokens>>!"
        #expect(strange.encode(text) == normal.encode(text))
    }

    @Test(arguments: [
        ("qwen2", true), ("qwen35", true), ("deepseek-r1-qwen", true), ("megrez", true),
        ("f2llmv2", true), ("stablelm2", true), ("hunyuan", true), ("hunyuan-dense", true),
        ("command-r", true), ("mpt", true), ("olmo", true), ("modern-bert", true),
        ("llama-bpe", false), ("gpt-2", false), ("starcoder", false), ("smollm", false),
        ("tekken", false), ("gpt-4o", false), ("deepseek-v3", false), ("falcon", false),
        ("default", false),
    ])
    func `a named pre-tokenizer writes text in the form of its family`(
        name: String, composes: Bool
    ) throws {
        let tokenizer = try Fixtures.tokenizer(Fixtures.byteLevelGGUF(pre: name))
        let pairs = [
            ("e\u{301}", "é"), ("Tie\u{302}\u{301}ng Vie\u{323}\u{302}t", "Tiếng Việt"),
            ("\u{1112}\u{1161}\u{11AB}\u{1100}\u{116E}\u{11A8}", "한국"), ("\u{212B}", "Å"),
            ("a cafe\u{301} \u{AC00}\u{11A8} ok", "a café \u{AC01} ok"),
        ]
        for (parts, composed) in pairs {
            #expect((tokenizer.encode(parts) == tokenizer.encode(composed)) == composes)
            let text = tokenizer.decode(tokenizer.encode(parts))
            #expect(text.utf8.elementsEqual((composes ? composed : parts).utf8))
        }
    }

    @Test(arguments: [
        ("model", "rwkv", TokenizerError.Code.unsupportedModel),
        ("model", "plamo2", .unsupportedModel),
    ])
    func `other models are refused by name`(
        key: String, value: String, code: TokenizerError.Code
    ) throws {
        var writer = GGUFWriter()
        writer.add("tokenizer.ggml." + key, text: value)
        let error = #expect(throws: TokenizerError.self) { try Fixtures.tokenizer(writer) }
        #expect(error?.code == code && error?.message.contains(value) == true)
    }

    @Test func `a pattern that cannot be run is refused by name`() throws {
        let text = #"""
            {"model":{"type":"BPE","vocab":{"a":0},"merges":[]},
             "pre_tokenizer":{"type":"Split","pattern":{"Regex":"(x)\\1+"},"behavior":"Isolated"}}
            """#
        let error = #expect(throws: TokenizerError.self) {
            try Tokenizer(tokenizerJSON: Array(text.utf8))
        }
        #expect(error?.code == .unsupportedPattern && error?.message.contains(#"(x)\1+"#) == true)
    }

    @Test func `long words without spaces take no quadratic time`() throws {
        let tokenizer = try Fixtures.tokenizer(Fixtures.byteLevelGGUF(pre: "gpt-2"))
        let text = String(repeating: "theandofto", count: 20_000)
        let ids = tokenizer.encode(text)
        #expect(tokenizer.decode(ids) == text)
        // The queue gives what looking at every pair gives: the same words, short.
        let word = "theandofto"
        let short = tokenizer.encode(String(repeating: word, count: 4))
        let long = tokenizer.encode(String(repeating: word, count: 40))
        #expect(long.prefix(short.count - 2) == short.prefix(short.count - 2))
    }

    @Test func `one tokenizer serves many tasks at once`() async throws {
        let tokenizer = try Fixtures.tokenizer(Fixtures.byteLevelGGUF(pre: "qwen2"))
        let texts = try Fixtures.texts()
        let expected = texts.map { tokenizer.encode($0) }
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<8 {
                group.addTask { texts.map { tokenizer.encode($0) } == expected }
            }
            for await same in group { #expect(same) }
        }
    }
}
