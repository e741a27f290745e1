import ModelFiles
import QuireIdentifiers
import TestSupport
import Testing
import Tokenization

/// The tokenizer of a folder: `tokenizer.json`, and what the files beside it say of its tokens.
struct FolderTokenizerTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        var weights = SafetensorsBytes()
        weights.add("model.embed_tokens.weight", [1, 1], [1])
        _ = try folder.write("model.safetensors", weights.bytes)
        try write("config.json", #"{"model_type":"gemma"}"#)
        let tokens = ["<begin>", "<stop>", "<turn>"].enumerated().map { index, name in
            #"{"id":\#(index + 2),"content":"\#(name)","special":true,"single_word":false,"#
                + #""lstrip":false,"rstrip":false,"normalized":false}"#
        }
        try write(
            "tokenizer.json",
            #"{"model":{"type":"BPE","vocab":{"a":0,"b":1},"merges":[]},"added_tokens":["#
                + tokens.joined(separator: ",") + "]}")
    }

    private func write(_ name: String, _ text: String) throws {
        _ = try folder.write(name, Array(text.utf8))
    }

    private func tokenizer() throws -> Tokenizer { try Tokenizer(ModelFile.open(folder.path)) }

    private func refusal() -> TokenizerError? {
        #expect(throws: TokenizerError.self) { try tokenizer() }
    }

    @Test func `begin, end and the ends of answers are those that the files name`() throws {
        let plain = try tokenizer()
        #expect(plain.bos == nil && plain.eos == nil && plain.encodePrompt("a") == [0])
        try write(
            "tokenizer_config.json",
            #"{"bos_token":"<begin>","eos_token":"<stop>","add_bos_token":true}"#)
        try write("generation_config.json", #"{"eos_token_id":[3,4]}"#)
        let named = try tokenizer()
        #expect(named.bos == 2 && named.eos == 3 && named.endOfGeneration == [3, 4])
        #expect(named.encodePrompt("ab") == [2, 0, 1])
        try write(
            "tokenizer_config.json",
            #"{"bos_token":"<begin>","eos_token":"<stop>","add_eos_token":true}"#)
        #expect(try tokenizer().encodePrompt("ab") == [0, 1, 3])
    }

    @Test func `tokens that the vocabulary has not are refused`() throws {
        try write("tokenizer_config.json", #"{"bos_token":"<nowhere>"}"#)
        #expect(refusal()?.message.contains("<nowhere>") == true)
        try write("tokenizer_config.json", "{}")
        try write("generation_config.json", #"{"eos_token_id":5}"#)
        #expect(refusal()?.message.contains("5") == true)
    }

    @Test func `a folder without a tokenizer.json says so`() throws {
        let other = try TemporaryFolder()
        var weights = SafetensorsBytes()
        weights.add("model.embed_tokens.weight", [1, 1], [1])
        _ = try other.write("model.safetensors", weights.bytes)
        _ = try other.write("config.json", Array(#"{"model_type":"gemma"}"#.utf8))
        let error = #expect(throws: TokenizerError.self) {
            try Tokenizer(ModelFile.open(other.path))
        }
        #expect(error?.message.contains("tokenizer.json") == true)
    }
}
