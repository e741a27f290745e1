import ModelFiles
import QuireIdentifiers
import QuireJSON
import TestSupport
import Testing

@testable import Tokenization

/// `tokenizer.model` files: malformed ones, and what other files add to them.
struct SentencePieceModelTests {
    private static func models() throws -> [[UInt8]] {
        try #require(try Fixtures.json("sentencepiece-models").array).map {
            try ModelGoldenTests.model($0)
        }
    }

    @Test(arguments: 0..<8)
    func `a hundred mutated models load or fail`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let models = try Self.models()
        var failed = 0
        for _ in 0..<100 {
            var bytes = try #require(models.randomElement(using: &random))
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.removeSubrange(place..<min(bytes.count, place + 3))
                case 2: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
                // The end, where the settings are.
                default: bytes[max(0, bytes.count - 1 - place % 200)] ^= 1 << (seed & 7)
                }
                if bytes.isEmpty { bytes = [0] }
            }
            do throws(TokenizerError) {
                MutationTests.exercise(try Tokenizer(sentencePiece: bytes))
            } catch {
                #expect(!error.message.isEmpty)
                failed += 1
            }
        }
        #expect(failed > 0 && failed < 100)
    }

    @Test func `a model that is cut off anywhere is an error or shorter`() throws {
        let model = try Self.models()[0]
        for count in stride(from: 0, to: model.count, by: 37) {
            do throws(TokenizerError) {
                _ = try Tokenizer(sentencePiece: Array(model.prefix(count)))
            } catch {
                #expect(!error.message.isEmpty)
            }
        }
        #expect(throws: TokenizerError.self) { try Tokenizer(sentencePiece: []) }
        #expect(throws: TokenizerError.self) { try Tokenizer(sentencePiece: Array("<html>".utf8)) }
    }

    @Test func `models of words and characters are refused by their type`() throws {
        var model = try Self.models()[0]
        // A further TrainerSpec, of which the last says what holds: model_type 4.
        model += [0x12, 0x02, 0x18, 0x04]
        let error = #expect(throws: TokenizerError.self) { try Tokenizer(sentencePiece: model) }
        #expect(error?.code == .unsupportedModel && error?.message.contains("4") == true)
    }

    @Test func `a folder without a tokenizer.json is read by its tokenizer.model`() throws {
        let folder = try TemporaryFolder()
        var weights = SafetensorsBytes()
        weights.add("model.embed_tokens.weight", [1, 1], [1])
        _ = try folder.write("model.safetensors", weights.bytes)
        _ = try folder.write("config.json", Array(#"{"model_type":"gemma"}"#.utf8))
        _ = try folder.write("tokenizer.model", try Self.models()[4])
        let plain = try Tokenizer(ModelFile.open(folder.path))
        #expect(plain.bos == 1 && plain.eos == 2)
        let size = plain.vocabularySize
        let settings = #"""
            {"add_bos_token":true,"eos_token":"<end>","added_tokens_decoder":{
             "\#(size)":{"content":"<end>","special":true},
             "\#(size + 1)":{"content":"<tool>","special":false}}}
            """#
        _ = try folder.write("tokenizer_config.json", Array(settings.utf8))
        let tokenizer = try Tokenizer(ModelFile.open(folder.path))
        #expect(tokenizer.vocabularySize == size + 2)
        #expect(tokenizer.eos == TokenID(UInt32(size)))
        let ids = tokenizer.encodePrompt("the<tool><end>", parseSpecial: true)
        #expect(
            ids.first == 1 && ids.suffix(2) == [TokenID(UInt32(size + 1)), TokenID(UInt32(size))])
        #expect(tokenizer.decode(ids) == "the<tool>")
        #expect(!tokenizer.encode("the<end>").contains(TokenID(UInt32(size))))
    }

    @Test func `GGUF's forms of the models give the same tokens`() throws {
        let golden = try #require(try Fixtures.json("sentencepiece-models").array)[0]
        let file = try SentencePieceFile(ModelGoldenTests.model(golden))
        var writer = GGUFWriter()
        writer.add("tokenizer.ggml.model", text: "t5")
        let texts = (0..<file.texts.count).map {
            String(decoding: file.texts.slice($0), as: UTF8.self)
        }
        writer.add("tokenizer.ggml.tokens", .array(GGUFArray(texts: texts)))
        writer.add("tokenizer.ggml.scores", .array(GGUFArray(floats: file.scores)))
        writer.add(
            "tokenizer.ggml.token_type",
            .array(GGUFArray(int32s: file.kinds.map { Int32($0.rawValue) })))
        writer.add("tokenizer.ggml.add_space_prefix", .bool(true))
        writer.add("tokenizer.ggml.remove_extra_whitespaces", .bool(true))
        writer.add("tokenizer.ggml.eos_token_id", .uint32(2))
        let range = try #require(file.normalizer.charsmap)
        writer.add(
            "tokenizer.ggml.precompiled_charsmap",
            .array(GGUFArray(int32s: try ModelGoldenTests.model(golden)[range].map { Int32($0) })))
        try ModelGoldenTests.compare(
            Fixtures.tokenizer(writer), golden, parseSpecial: false)
        #expect(try Fixtures.tokenizer(writer).encodePrompt("a").last == 2)
    }

    @Test func `GGUF's form of WordPiece gives the same tokens`() throws {
        let golden = try #require(try Fixtures.json("wordpiece").array)[0]
        let vocabulary = try #require(golden["members"]?["model"]?["vocab"]?.members)
            .sorted { ($0.value.integer ?? 0) < ($1.value.integer ?? 0) }
        var writer = GGUFWriter()
        writer.add("tokenizer.ggml.model", text: "bert")
        let texts = vocabulary.enumerated().map { index, member in
            index < 5
                ? member.key
                : member.key.hasPrefix("##") ? String(member.key.dropFirst(2)) : "▁" + member.key
        }
        writer.add("tokenizer.ggml.tokens", .array(GGUFArray(texts: texts)))
        writer.add(
            "tokenizer.ggml.token_type",
            .array(GGUFArray(int32s: texts.indices.map { $0 < 5 ? 3 : 1 })))
        let tokenizer = try Fixtures.tokenizer(writer)
        try ModelGoldenTests.compare(tokenizer, golden, parseSpecial: true)
        let prompt = tokenizer.encodePrompt("the")
        #expect(
            prompt.first == tokenizer.id(of: "[CLS]") && prompt.last == tokenizer.id(of: "[SEP]"))
    }
}
