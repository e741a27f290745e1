import Foundation
import ModelFiles
import QuireJSON
import Testing
import Tokenization

/// The committed fixtures; see `Fixtures/README.md`.
enum Fixtures {
    static func json(_ name: String) throws -> JSONValue {
        let url = try #require(
            Bundle.module.url(forResource: name, withExtension: "json", subdirectory: "Fixtures"))
        return try JSONValue(parsing: Array(try Data(contentsOf: url)), path: name)
    }

    static func texts() throws -> [String] {
        try #require(try json("texts").array).map { try #require($0.string) }
    }

    /// Lists of ids, one for each text.
    static func ids(_ value: JSONValue?) throws -> [[UInt32]] {
        try #require(value?.array).map { list in
            try #require(list.array).map { UInt32(try #require($0.integer)) }
        }
    }

    static func bytes(_ value: JSONValue) -> [UInt8] {
        var writer = JSONWriter()
        writer.value(value)
        return writer.bytes
    }

    /// A tokenizer out of metadata.
    static func tokenizer(_ writer: GGUFWriter) throws -> Tokenizer {
        try Tokenizer(gguf: GGUFFile(bytes: writer.bytes()))
    }

    /// The byte-level vocabulary as a converter writes it, with these special tokens behind it.
    static func byteLevelGGUF(
        pre: String, special: [String] = [], kinds: [Int32]? = nil
    ) throws -> GGUFWriter {
        let model = try json("byte-level")["tokenizer"]?["model"]
        let vocabulary = try #require(model?["vocab"]?.members)
        let merges = try #require(model?["merges"]?.array).map { merge in
            try #require(merge.array).compactMap(\.string).joined(separator: " ")
        }
        var writer = GGUFWriter()
        writer.add("tokenizer.ggml.model", text: "gpt2")
        writer.add("tokenizer.ggml.pre", text: pre)
        let tokens = vocabulary.sorted { ($0.value.integer ?? 0) < ($1.value.integer ?? 0) }
        writer.add("tokenizer.ggml.tokens", .array(GGUFArray(texts: tokens.map(\.key) + special)))
        if !special.isEmpty {
            let kinds = kinds ?? tokens.map { _ in 1 } + special.map { _ in 3 }
            writer.add("tokenizer.ggml.token_type", .array(GGUFArray(int32s: kinds)))
        }
        writer.add("tokenizer.ggml.merges", .array(GGUFArray(texts: merges)))
        return writer
    }

    /// The SentencePiece model as a converter writes it.
    static func sentencePieceGGUF() throws -> GGUFWriter {
        let model = try json("sentencepiece")
        var writer = GGUFWriter()
        writer.add("tokenizer.ggml.model", text: "llama")
        let pieces = try #require(model["pieces"]?.array).compactMap(\.string)
        let scores = try #require(model["scores"]?.array).compactMap { $0.double.map { Float($0) } }
        let kinds = try #require(model["kinds"]?.array).compactMap { $0.integer.map { Int32($0) } }
        writer.add("tokenizer.ggml.tokens", .array(GGUFArray(texts: pieces)))
        writer.add("tokenizer.ggml.scores", .array(GGUFArray(floats: scores)))
        writer.add("tokenizer.ggml.token_type", .array(GGUFArray(int32s: kinds)))
        return writer
    }
}
