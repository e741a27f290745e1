import ModelFiles
import QuireIdentifiers
import QuireJSON
import TestSupport
import Testing
import Tokenization

/// A `tokenizer.json` as the entries of a GGUF file: the same tokens come of it.
struct TokenizerEntriesTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        var weights = SafetensorsBytes()
        weights.add("model.embed_tokens.weight", [1, 1], [1])
        _ = try folder.write("model.safetensors", weights.bytes)
        _ = try folder.write("config.json", Array(#"{"model_type":"gemma"}"#.utf8))
    }

    /// The tokenizer of the entries, and the entries.
    private func written(
        _ json: JSONValue, config: String = "{}", count: Int? = nil
    ) throws -> (Tokenizer, GGUFMetadata, [String]) {
        _ = try folder.write("tokenizer.json", Fixtures.bytes(json))
        _ = try folder.write("tokenizer_config.json", Array(config.utf8))
        let made = try TokenizerEntries(try ModelFile.open(folder.path), count: count)
        var writer = GGUFWriter()
        for (key, value) in made.entries { writer.add(key, value) }
        let file = try GGUFFile(bytes: writer.bytes())
        return (try Tokenizer(gguf: file), file.metadata, made.warnings)
    }

    /// The byte-level tokenizer with the steps of one of the golden cases.
    private func byteLevel(_ golden: JSONValue) throws -> JSONValue {
        var members = try #require(try Fixtures.json("byte-level")["tokenizer"]?.members)
        for key in ["pre_tokenizer", "normalizer"] {
            guard let step = golden[key] else { continue }
            members.removeAll { $0.key == key }
            members.append(.init(key, step))
        }
        return .object(members)
    }

    /// The steps of the golden case of that name.
    private var qwen: JSONValue {
        get throws {
            let cases = try Fixtures.json("byte-level")["cases"]?.array
            return try #require(cases?.first { $0["name"]?.string == "qwen2" })
        }
    }

    @Test func `what has a name is written under it, and cuts as before`() throws {
        let texts = try Fixtures.texts()
        var (named, refused) = (0, 0)
        for golden in try #require(try Fixtures.json("byte-level")["cases"]?.array) {
            let name = try #require(golden["name"]?.string)
            let form = try byteLevel(golden)
            let tokenizer: Tokenizer
            let metadata: GGUFMetadata
            do {
                (tokenizer, metadata, _) = try written(form)
            } catch let error as TokenizerError {
                #expect(error.code == .unsupportedStep, "\(name): \(error)")
                refused += 1
                continue
            }
            named += 1
            #expect(try metadata.string("tokenizer.ggml.model") == "gpt2")
            for (text, ids) in zip(texts, try Fixtures.ids(golden["ids"])) {
                #expect(tokenizer.encode(text).map(\.rawValue) == ids, "\(name): \(text)")
            }
        }
        // Those that only a tokenizer.json describes.
        #expect(named == 14 && refused == 3, "\(named) named, \(refused) refused")
    }

    @Test func `places without a token are kept free, up to the rows of the embedding`() throws {
        let form = try byteLevel(qwen)
        let (tokenizer, metadata, _) = try written(form, count: 5_000)
        let tokens = try metadata.strings("tokenizer.ggml.tokens")
        #expect(tokens.count == 5_000 && tokens.text(4_999) == "[PAD4999]")
        #expect(try metadata.integers("tokenizer.ggml.token_type").last == 5)
        #expect(tokenizer.encode("[PAD4999]", parseSpecial: true).count > 1)
    }

    @Test func `begin, end and what prompts begin with are written`() throws {
        var members = try #require(try byteLevel(qwen).members)
        let added: [JSONValue] = ["<begin>", "<stop>", "word"].enumerated().map { index, name in
            [
                "id": .integer(4_000 + index), "content": .string(name),
                "special": .bool(index < 2), "normalized": false, "lstrip": false,
                "rstrip": .bool(index == 0), "single_word": false,
            ]
        }
        members.removeAll { $0.key == "added_tokens" }
        members.append(.init("added_tokens", .array(added)))
        let (tokenizer, metadata, warnings) = try written(
            .object(members),
            config: #"{"bos_token":"<begin>","eos_token":"<stop>","add_bos_token":true}"#)
        #expect(tokenizer.bos == 4_000 && tokenizer.eos == 4_001)
        #expect(tokenizer.encodePrompt("").map(\.rawValue) == [4_000])
        #expect(try metadata.bool("tokenizer.ggml.add_bos_token"))
        #expect(try metadata.bool("tokenizer.ggml.add_eos_token") == false)
        let kinds = try metadata.integers("tokenizer.ggml.token_type")
        #expect(kinds[4_000...4_002] == [3, 3, 4])
        #expect(tokenizer.encode("word").map(\.rawValue) == [4_002])
        #expect(warnings.count == 1 && warnings[0].contains("spaces"))
    }

    @Test func `merges become scores where characters merge`() throws {
        let texts = try Fixtures.texts()
        var count = 0
        for golden in try #require(try Fixtures.json("character-level").array) {
            let form = try #require(golden["tokenizer"])
            let expected = try Fixtures.ids(golden["ids"])
            do {
                let (tokenizer, metadata, _) = try written(form)
                #expect(try metadata.string("tokenizer.ggml.model") == "llama")
                // After a special token a reader of such a file writes a space, which not all do.
                for (text, ids) in zip(texts, expected) where !text.contains("<s>") {
                    #expect(
                        tokenizer.encode(text, parseSpecial: true).map(\.rawValue) == ids,
                        "\(text.debugDescription)")
                }
                count += 1
            } catch let error as TokenizerError {
                #expect(error.code == .unsupportedStep, "\(error)")
            }
        }
        #expect(count > 0)
    }

    @Test func `a file's tokenizer has its entries already`() throws {
        let file = try GGUFFile(bytes: Fixtures.byteLevelGGUF(pre: "qwen2").bytes())
        #expect(try TokenizerEntries(file, count: nil).entries.isEmpty)
    }
}
