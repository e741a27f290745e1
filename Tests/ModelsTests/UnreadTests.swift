import ModelFiles
import Testing

@testable import QuireModels

/// Files that say something about the arithmetic that their architecture does not read.
struct UnreadTests {
    static let architectures = ["llama", "mistral", "qwen2", "gemma3"]

    @Test(
        arguments: architectures,
        [
            "blk.0.attn_norm.bias", "blk.1.ffn_norm.bias", "output_norm.bias",
            "blk.2.attn_sinks.weight", "blk.0.ffn_gate_inp.weight", "blk.0.attn_qkv.weight",
            "blk.0.attn_q.scale", "rope_factors_long.weight", "cls.weight", "per_layer.weight",
            "blk.0.layer_output_scale.weight", "token_embd_norm.weight", "blk.99.attn_q.bias",
        ])
    func `a tensor that nobody reads is refused by name`(architecture: String, name: String) {
        expectRefusal(of: name) {
            try TinyModel(architecture).file(tensors: {
                $0[name] = .init(rows: 1, columns: 4, isVector: true, values: [1, 2, 3, 4])
            })
        }
    }

    @Test(arguments: [
        ("llama", "blk.1.post_attention_norm.weight"), ("llama", "blk.0.attn_q_norm.weight"),
        ("qwen2", "blk.1.attn_k_norm.weight"), ("mistral", "blk.2.post_ffw_norm.weight"),
        ("gemma3", "rope_freqs.weight"),
    ])
    func `a tensor of another architecture is refused by name`(architecture: String, name: String) {
        expectRefusal(of: name) {
            try TinyModel(architecture).file(tensors: {
                $0[name] = .init(
                    rows: 1, columns: 8, isVector: true, values: [1, 2, 3, 4, 5, 6, 7, 8])
            })
        }
    }

    @Test(
        arguments: architectures,
        [
            ("logit_scale", GGUFValue.float32(0.5)), ("residual_scale", .float32(0.22)),
            ("attn_logit_softcapping", .float32(50)), ("attention.causal", .bool(false)),
            ("rope.dimension_sections", .array(GGUFArray(int32s: [16, 24, 24, 0]))),
            ("rope.scaling.alpha", .float32(1000)), ("rope.scaling.attn_factor", .float32(1.2)),
            ("expert_used_count", .uint32(2)), ("attention.clamp_kqv", .float32(8)),
            ("attention.max_alibi_bias", .float32(8)), ("use_parallel_residual", .bool(true)),
            ("attention.shared_kv_layers", .uint32(1)), ("rope.dimension_count_swa", .uint32(4)),
            ("attention.key_length_swa", .uint32(4)), ("nextn_predict_layers", .uint32(1)),
            ("attention.temperature_scale", .float32(0.1)), ("ssm.state_size", .uint32(16)),
            ("of.tomorrow", .bool(true)),
        ])
    func `a hyper-parameter that nobody reads is refused by name`(
        architecture: String, parameter: (name: String, value: GGUFValue)
    ) {
        let key = "\(architecture).\(parameter.name)"
        expectRefusal(of: key) { try TinyModel(architecture).file { $0[key] = parameter.value } }
    }

    @Test(arguments: [
        ("llama", "rope.freq_base_swa", GGUFValue.float32(500)),
        ("qwen2", "attention.sliding_window_pattern", .uint32(4)),
        ("gemma3", "tensor_data_layout", .text("Meta AI original pth")),
        ("llama", "tensor_data_layout", .text("of tomorrow")),
    ])
    func `a hyper-parameter of another architecture is refused by name`(
        architecture: String, name: String, value: GGUFValue
    ) {
        let key = "\(architecture).\(name)"
        expectRefusal(of: key, canBeIgnored: name != "tensor_data_layout") {
            try TinyModel(architecture).file { $0[key] = value }
        }
    }

    @Test(arguments: architectures)
    func `what changes nothing is no reason to refuse a file`(architecture: String) throws {
        let neutral: [(String, GGUFValue)] = [
            ("vocab_size", .uint32(50)), ("rope.scaling.finetuned", .bool(true)),
            ("rope.scaling.original_context_length", .uint32(4096)),
            ("rope.scaling.type", .text("none")), ("rope.scaling.attn_factor", .float32(1)),
            ("attention.layer_norm_epsilon", .float32(1e-5)), ("attention.causal", .bool(true)),
            ("attention.scale", .float32(0)), ("logit_scale", .float32(1)),
            ("residual_scale", .float32(0)), ("embedding_scale", .float32(0)),
            ("final_logit_softcapping", .float32(0)), ("attn_logit_softcapping", .float32(0)),
            ("expert_count", .uint32(0)), ("expert_used_count", .uint32(0)),
            ("use_parallel_residual", .bool(false)), ("pooling_type", .uint32(1)),
            ("rope.dimension_sections", .array(GGUFArray(int32s: [0, 0, 0, 0]))),
        ]
        let others: [(String, GGUFValue)] = [
            ("general.quantization_version", .uint32(2)), ("general.file_type", .uint32(15)),
            ("general.sampling.temp", .float32(0.7)), ("quantize.imatrix.file", .text("x.dat")),
            ("split.count", .uint16(1)), ("tokenizer.chat_template", .text("{{ x }}")),
            ("somebody.quantized_by", .text("somebody")),
        ]
        let model = try CPUModel(
            try TinyModel(architecture).file { metadata in
                for (name, value) in neutral { metadata["\(architecture).\(name)"] = value }
                for (key, value) in others { metadata[key] = value }
            })
        #expect(model.warnings.isEmpty)
    }

    @Test func `files of the first converters name the layout of their heads`() throws {
        let model = try CPUModel(
            try TinyModel("llama").file {
                $0["llama.tensor_data_layout"] = .text("Meta AI original pth")
            })
        #expect(model.warnings.isEmpty)
    }

    @Test func `a name is told once for all layers, and not too many are`() throws {
        let file = try TinyModel("llama").file(tensors: {
            for layer in 0..<3 {
                $0["blk.\(layer).attn_norm.bias"] = $0["output_norm.weight"]
                for n in 0..<9 { $0["blk.\(layer).extra_\(n).weight"] = $0["output_norm.weight"] }
            }
        })
        let warning = try #require(try CPUModel(file, ignoringUnread: true).warnings.first)
        #expect(warning.components("blk.*.attn_norm.bias") == 1)
        #expect(warning.components("extra_") == ModelLimits.quotedNames - 1)
        #expect(warning.hasSuffix(", ..."))
    }

    /// Expects that the file is refused by the name of its part, and that it loads with a warning
    /// of the same name when that is asked for.
    private func expectRefusal(
        of name: String, canBeIgnored: Bool = true,
        sourceLocation: SourceLocation = #_sourceLocation, _ file: () throws -> GGUFFile
    ) {
        do {
            let file = try file()
            let error = #expect(throws: ModelError.self, sourceLocation: sourceLocation) {
                try CPUModel(file)
            }
            #expect(error?.code == .unsupportedFeature, sourceLocation: sourceLocation)
            #expect(error?.subject == name, sourceLocation: sourceLocation)
            guard canBeIgnored else { return }
            #expect(
                error?.message.contains("--ignore-unread") == true, sourceLocation: sourceLocation)
            let warnings = try CPUModel(file, ignoringUnread: true).warnings
            let rest = name.split(separator: ".").dropFirst(2).joined(separator: ".")
            #expect(
                warnings.count == 1 && warnings[0].contains(rest), sourceLocation: sourceLocation)
        } catch {
            Issue.record(error, sourceLocation: sourceLocation)
        }
    }
}

extension String {
    /// How often a text occurs.
    fileprivate func components(_ text: String) -> Int {
        indices.count { self[$0...].hasPrefix(text) }
    }
}
