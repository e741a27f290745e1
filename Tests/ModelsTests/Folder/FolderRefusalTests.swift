import ModelFiles
import QuireJSON
import TestSupport
import Testing

@testable import QuireModels

/// What a folder says and what is not done is refused by name.
struct FolderRefusalTests {
    private func refusal(
        _ change: (inout TinyFolder) throws -> Void
    ) throws -> (any Error)? {
        var folder = try TinyFolder(TinyModel("llama", seed: 4))
        try change(&folder)
        do {
            _ = try CPUModel(folder.open(), form: .file)
            return nil
        } catch {
            return error
        }
    }

    static let strangeKeys: [(String, JSONValue)] = [
        ("clip_qkv", 8), ("num_experts", 4), ("rope_interleave", true),
        ("attn_logit_softcapping", 30.0), ("embedding_multiplier", 12.0), ("rope_type", "linear"),
    ]

    @Test(arguments: strangeKeys)
    func `a key that may change the answer is refused by name`(
        key: String, value: JSONValue
    ) throws {
        let error = try refusal { $0.configuration[key] = value } as? ModelError
        #expect(error?.code == .unsupportedFeature)
        #expect(error?.subject == "llama.\(key)")
        #expect(try refusal { $0.configuration[key] = .null } == nil)
    }

    static let wrongValues: [(String, JSONValue)] = [
        ("model_type", "mamba2"), ("hidden_act", "relu"), ("hidden_size", "x"),
        ("num_attention_heads", 0), ("num_hidden_layers", -1), ("rms_norm_eps", -1.0),
        ("num_hidden_layers", 1.5), ("rope_theta", "10000"), ("tie_word_embeddings", 1),
        ("is_encoder_decoder", true), ("sliding_window", 0),
        ("quantization_config", ["quant_method": "gptq"]), ("layer_types", ["full_attention"]),
        ("rope_scaling", ["rope_type": "dynamic", "factor": 2.0]),
        ("rope_scaling", ["rope_type": "llama3", "factor": 2.0]),
        ("rope_scaling", ["rope_type": "linear", "factor": 2.0, "ramp": 1]),
        ("partial_rotary_factor", 1.5), ("eos_token_id", ["a"]), ("eos_token_id", -1),
    ]

    @Test(arguments: wrongValues)
    func `a wrong value is refused by its key`(key: String, value: JSONValue) throws {
        let error = try refusal { $0.configuration[key] = value } as? ModelFileError
        guard let error else {
            Issue.record("\(key) is not refused")
            return
        }
        guard case .key(let named) = error.location else {
            Issue.record("\(error)")
            return
        }
        #expect(named == key || named.hasPrefix("\(key)."))
    }

    @Test func `a tensor that is not known, and one that is not there`() throws {
        let unknown = "model.layers.0.self_attn.sinks"
        let extra = try refusal { $0.weights.add(unknown, [4], [1, 2, 3, 4]) } as? ModelError
        #expect(extra?.subject == unknown)
        let missing =
            try refusal { folder in
                folder.weights = SafetensorsBytes()
            } as? ModelFileError
        #expect(missing?.location == .tensor("lm_head.weight"))
        let embedding =
            try refusal { folder in
                folder.weights = SafetensorsBytes()
                folder.configuration["tie_word_embeddings"] = true
            } as? ModelError
        #expect(embedding?.subject == "token_embd.weight")
    }

    @Test func `a buffer that follows from the configuration is passed over`() throws {
        let name = "model.layers.0.self_attn.rotary_emb.inv_freq"
        #expect(try refusal { $0.weights.add(name, [4], [1, 2, 3, 4]) } == nil)
    }

    @Test func `a tensor under two names is refused`() throws {
        let error =
            try refusal { $0.weights.add("norm.weight", [32], Array(repeating: 1, count: 32)) }
            as? ModelFileError
        #expect(error?.code == .duplicateTensor)
    }
}
