import ModelFiles
import TestSupport
import Testing

/// The small files of a folder, and what they say of tokens and templates.
struct ModelFolderTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        var weights = SafetensorsBytes()
        weights.add("model.embed_tokens.weight", [2, 2], [1, 2, 3, 4])
        _ = try folder.write("model.safetensors", weights.bytes)
        try write("config.json", #"{"model_type":"gemma","eos_token_id":7,"hidden_size":2}"#)
    }

    private func write(_ name: String, _ text: String) throws {
        _ = try folder.write(name, Array(text.utf8))
    }

    private var tokens: HubTokens? {
        get throws {
            guard case .json(_, let tokens) = try ModelFile.open(folder.path).tokenizer else {
                return nil
            }
            return tokens
        }
    }

    @Test func `a folder, its weights and its index are one model`() throws {
        for path in [folder.path, folder.path("model.safetensors")] {
            let model = try ModelFile.open(path)
            #expect(model.path == folder.path)
            #expect(model.tensorNames == ["token_embd.weight"])
            #expect(model.parameter("gemma.embedding_length") == .int64(2))
            #expect(model.parameterKeys.prefix(2) == ["general.architecture", "general.name"])
            #expect(model.byteCount > 16 && model.paths == [folder.path("model.safetensors")])
        }
    }

    @Test func `the identity is that of weights and configuration`() throws {
        let before = try ModelFolder.open(folder.path).identity()
        #expect(try ModelFolder.open(folder.path).identity() == before)
        try write("config.json", #"{"model_type":"gemma","eos_token_id":7,"hidden_size":3}"#)
        #expect(try ModelFolder.open(folder.path).identity() != before)
    }

    @Test func `the tokens that end an answer are those of the generation's file first`() throws {
        #expect(try tokens?.endTokens == [7])
        try write("generation_config.json", #"{"eos_token_id":[1,106],"temperature":0.6}"#)
        #expect(try tokens?.endTokens == [1, 106])
        try write("generation_config.json", #"{"temperature":0.6}"#)
        #expect(try tokens?.endTokens == [7])
        try write("generation_config.json", #"{"eos_token_id":"</s>"}"#)
        #expect(throws: ModelFileError.self) { try tokens }
    }

    @Test func `begin and end are read as texts and as objects`() throws {
        try write(
            "tokenizer_config.json",
            #"{"bos_token":"<bos>","eos_token":{"content":"<eos>","lstrip":false},"#
                + #""add_bos_token":true,"auto_map":{"AutoTokenizer":["code.py",null]}}"#)
        let tokens = try #require(try tokens)
        #expect(tokens.bos == "<bos>" && tokens.eos == "<eos>")
        #expect(tokens.addsBOS == true && tokens.addsEOS == nil)
        try write("tokenizer_config.json", #"{"bos_token":7}"#)
        #expect(throws: ModelFileError.self) { try self.tokens }
    }

    @Test func `the chat template is that of the newest place that has one`() throws {
        func templates() throws -> [String: String] {
            try ModelFile.open(folder.path).chatTemplates()
        }
        #expect(try templates() == [:])
        try write("tokenizer_config.json", #"{"chat_template":"one"}"#)
        #expect(try templates() == ["default": "one"])
        try write(
            "tokenizer_config.json",
            #"{"chat_template":[{"name":"default","template":"a"},{"name":"tool_use","#
                + #""template":"b"}]}"#)
        #expect(try templates() == ["default": "a", "tool_use": "b"])
        try write("chat_template.json", #"{"chat_template":"two"}"#)
        #expect(try templates() == ["default": "two"])
        try write("chat_template.jinja", "three")
        #expect(try templates() == ["default": "three"])
        try write("chat_template.jinja", "")
        #expect(throws: ModelFileError.self) { try templates() }
    }

    @Test(arguments: [
        #"{"chat_template":7}"#, #"{"chat_template":[{"name":"a"}]}"#,
        #"{"chat_template":[{"name":"a","template":""},{"name":"a","template":""}]}"#,
    ])
    func `a wrong template is refused`(text: String) throws {
        try write("tokenizer_config.json", text)
        let error = #expect(throws: ModelFileError.self) { try ModelFile.open(folder.path) }
        #expect(error?.location == .key("chat_template"))
    }

    @Test(arguments: [
        "", "[]", "{", "nul", #"{"model_type":1e999}"#, "{\"model_type\":\"\u{0}\"}",
        #"{"model_type":"gemma","model_type":"gemma"}"#, #"{"model_type":NaN}"#, "{}",
        #"{"model_type":"gemma","hidden_size":1e30}"#, #"{"model_type":"gemma","head_dim":2.5}"#,
    ])
    func `a wrong configuration is refused`(text: String) throws {
        try write("config.json", text)
        let error = #expect(throws: ModelFileError.self) { try ModelFile.open(folder.path) }
        #expect(error?.path == folder.path("config.json"))
    }

    @Test func `deep nesting is refused`() throws {
        try write("config.json", String(repeating: "[", count: 100_000))
        #expect(throws: ModelFileError.self) { try ModelFile.open(folder.path) }
        try write("config.json", #"{"a":"# + String(repeating: "{\"a\":", count: 100_000))
        #expect(throws: ModelFileError.self) { try ModelFile.open(folder.path) }
    }

    @Test func `a folder without a configuration, and a pickle file, are told apart`() throws {
        let other = try TemporaryFolder()
        let error = #expect(throws: ModelFileError.self) { try ModelFile.open(other.path) }
        #expect(error?.message.contains("config.json") == true)
        let path = try other.write("pytorch_model.bin", [0x80])
        let pickle = #expect(throws: ModelFileError.self) { try ModelFile.open(path) }
        #expect(pickle?.code == .pickle)
    }
}
