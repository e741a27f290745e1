import ModelFiles
import QuireJSON
import Tensors
import TestSupport

/// A tiny model as a folder of the hub: the same weights under the hub's names and in its order.
struct TinyFolder {
    let folder: TemporaryFolder
    let tiny: TinyModel
    /// `config.json`, to be changed before `write`.
    var configuration: [String: JSONValue]
    /// The weights, to be changed before `write`.
    var weights: SafetensorsBytes

    init(_ tiny: TinyModel, format: TensorFormat = .f32) throws {
        folder = try TemporaryFolder()
        self.tiny = tiny
        configuration = [
            "model_type": .string(tiny.architecture), "num_hidden_layers": .integer(tiny.layers),
            "hidden_size": .integer(tiny.width), "num_attention_heads": .integer(tiny.heads),
            "num_key_value_heads": .integer(tiny.kvHeads),
            "intermediate_size": .integer(tiny.hidden), "vocab_size": .integer(tiny.vocabulary),
            "max_position_embeddings": .integer(tiny.context),
            "rms_norm_eps": .number(Double(tiny.epsilon)),
            "rope_theta": .number(Double(tiny.ropeBase)),
            "tie_word_embeddings": .bool(!tiny.hasOutput),
            "torch_dtype": "float32", "attention_dropout": 0.0, "head_dim": nil,
        ]
        if tiny.headDimension * tiny.heads != tiny.width {
            configuration["head_dim"] = .integer(tiny.headDimension)
        }
        if let window = tiny.window { configuration["sliding_window"] = .integer(window) }
        for (key, value) in Self.own(tiny) { configuration[key] = value }
        weights = SafetensorsBytes()
        for (name, tensor) in Self.tensors(of: tiny).sorted(by: {
            $0.key < $1.key
        }) {
            let values = Self.values(tensor, name, of: tiny)
            let shape = tensor.isVector ? [tensor.columns] : [tensor.rows, tensor.columns]
            weights.add(
                try Self.hubName(name, tiny.architecture), shape, values,
                as: tensor.isVector ? .f32 : format)
        }
    }

    /// Writes the files and gives the path of the folder.
    func write() throws -> String {
        var writer = JSONWriter()
        writer.value(.object(configuration.sorted { $0.key < $1.key }.map { .init($0, $1) }))
        _ = try folder.write("config.json", writer.bytes)
        _ = try folder.write("model.safetensors", weights.bytes)
        return folder.path
    }

    /// The folder, open.
    func open() throws -> ModelFolder { try ModelFolder.open(try write()) }

    /// The tensors as the hub has them; GLM joins gate and up projection alone.
    private static func tensors(of tiny: TinyModel) -> [String: TinyModel.Tensor] {
        guard tiny.traits.isFused else { return tiny.tensors }
        guard tiny.architecture == "glm4" else { return tiny.fused }
        let parts = tiny.tensors.filter { name, _ in
            ["attn_q.", "attn_k.", "attn_v."].contains(where: name.contains)
        }
        return tiny.fused.filter { !$0.key.contains("attn_qkv") }.merging(parts) { $1 }
    }

    /// A tensor's values as they were trained: what converters do to them is undone.
    private static func values(
        _ tensor: TinyModel.Tensor, _ name: String, of tiny: TinyModel
    ) -> [Float] {
        if tiny.traits.scalesEmbedding, name.hasSuffix("norm.weight") {
            return tensor.values.map { $0 - 1 }
        }
        let isTurned = name.contains("attn_q.") || name.contains("attn_k.")
        let isPermuted = ["llama", "mistral", "smollm3", "granite"].contains(tiny.architecture)
        guard isPermuted, isTurned else { return tensor.values }
        // Rows of pairs that are neighbours become the two halves of each head.
        let half = tiny.headDimension / 2
        return (0..<tensor.rows).flatMap { row in
            let (head, place) = row.quotientAndRemainder(dividingBy: tiny.headDimension)
            let source = head * tiny.headDimension + 2 * (place % half) + place / half
            return tensor.values[source * tensor.columns..<(source + 1) * tensor.columns]
        }
    }

    private static func hubName(_ name: String, _ architecture: String) throws -> String {
        let parts = name.split(separator: ".").map(String.init)
        let outer = [
            "token_embd": "model.embed_tokens", "output_norm": "model.norm", "output": "lm_head",
        ]
        if let found = outer[parts[0]] { return "\(found).\(parts[1])" }
        var layer = [
            "attn_norm": "input_layernorm", "attn_q": "self_attn.q_proj",
            "attn_k": "self_attn.k_proj", "attn_v": "self_attn.v_proj",
            "attn_output": "self_attn.o_proj", "attn_q_norm": "self_attn.q_norm",
            "attn_k_norm": "self_attn.k_norm", "ffn_norm": "post_attention_layernorm",
            "ffn_gate": "mlp.gate_proj", "ffn_up": "mlp.up_proj", "ffn_down": "mlp.down_proj",
        ]
        layer.merge(ownNames(architecture)) { _, own in own }
        guard let found = layer[parts[2]] else { throw UnknownName(name: name) }
        return "model.layers.\(parts[1]).\(found).\(parts[3])"
    }

    private static func ownNames(_ architecture: String) -> [String: String] {
        switch architecture {
        case "gemma2", "gemma3", "olmo2", "exaone4":
            [
                "post_attention_norm": "post_attention_layernorm",
                "ffn_norm": "pre_feedforward_layernorm",
                "post_ffw_norm": "post_feedforward_layernorm",
            ]
        case "seed_oss": ["post_attention_norm": "post_attention_layernorm"]
        case "phi3": ["attn_qkv": "self_attn.qkv_proj", "ffn_up": "mlp.gate_up_proj"]
        case "glm4":
            [
                "post_attention_norm": "post_self_attn_layernorm",
                "post_ffw_norm": "post_mlp_layernorm", "ffn_up": "mlp.gate_up_proj",
            ]
        default: [:]
        }
    }

    /// What only one architecture's configuration says.
    private static func own(_ tiny: TinyModel) -> [String: JSONValue] {
        switch tiny.architecture {
        case "gemma2":
            [
                "query_pre_attn_scalar": .integer(tiny.headDimension),
                "attn_logit_softcapping": 2.0, "final_logit_softcapping": nil,
            ]
        case "gemma3":
            // 1/√16 is the scale that its reader assumes for heads of 16.
            [
                "model_type": "gemma3_text",
                "query_pre_attn_scalar": .integer(tiny.headDimension),
            ]
        case "smollm3": ["no_rope_layers": [1, 1, 1, 0, 1], "no_rope_layer_interval": 4]
        case "granite":
            [
                "residual_multiplier": 0.3, "logits_scaling": 4.0,
                "attention_multiplier": .number(1 / Double(tiny.headDimension).squareRoot()),
            ]
        case "glm4": ["partial_rotary_factor": 1.0]
        case "olmo2", "exaone4":
            [
                "model_type": tiny.architecture == "olmo2" ? "olmo3" : "exaone4",
                "layer_types": .array(
                    (1...tiny.layers).map {
                        $0.isMultiple(of: 4) ? "full_attention" : "sliding_attention"
                    }),
            ]
        default: [:]
        }
    }

    private struct UnknownName: Error { let name: String }
}
