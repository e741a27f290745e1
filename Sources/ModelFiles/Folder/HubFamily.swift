import QuireJSON

/// A family of models of the hub: what its `config.json` and its tensors are called there, and
/// what of it differs from what most families have in common.
///
/// The right side is always a name of GGUF, in which architectures are read.
struct HubFamily: Sendable {
    /// What `model_type` says.
    var types: [String]
    /// The same model's `general.architecture`.
    var architecture: String
    /// What the configuration's class assumes where a key is missing, if that is not what GGUF's
    /// reader assumes too.
    var defaults: [String: JSONValue] = [:]
    /// Keys that other families have not, and the hyper-parameter of each.
    var parameters: [HubParameter] = []
    /// What the activation may be called: the one that the architecture has.
    var activations: Set<String> = ["silu", "swish"]
    /// The tensors of a layer with other names than most families give them.
    var tensors: [String: String] = [:]
    /// Whether norms multiply by 1 more than their weights.
    var normsAddOne = false
    /// Whether the other format's files have the rows of Q and K in the order of pairs that are
    /// neighbours; here they are as trained, with the halves of a head paired.
    var hasPairedHalves = false
    /// Whether its reader is told which layers have a window, rather than whether all have.
    var hasWindowPattern = false
    /// Every how many layers one knows no positions, where the architecture has it so.
    var unturnedPeriod: Int?
    /// Keys of this family that change nothing.
    var neutral: Set<String> = []

    /// The family of a `model_type`; nil if there is none.
    static func named(_ type: String) -> HubFamily? { all.first { $0.types.contains(type) } }

    /// The names of all, sorted.
    static var supported: [String] { all.flatMap(\.types).sorted() }
}

/// A key of `config.json` and the hyper-parameter that it gives.
struct HubParameter: Sendable {
    /// What a value must be.
    enum Form: Sendable { case count, positive, flag }

    var key: String
    var name: String
    var form: Form

    init(_ key: String, _ name: String, _ form: Form = .positive) {
        self.key = key
        self.name = name
        self.form = form
    }

    /// The keys of all families.
    static let common = [
        HubParameter("num_hidden_layers", "block_count", .count),
        HubParameter("hidden_size", "embedding_length", .count),
        HubParameter("intermediate_size", "feed_forward_length", .count),
        HubParameter("num_attention_heads", "attention.head_count", .count),
        HubParameter("num_key_value_heads", "attention.head_count_kv", .count),
        HubParameter("head_dim", "attention.key_length", .count),
        HubParameter("head_dim", "attention.value_length", .count),
        HubParameter("max_position_embeddings", "context_length", .count),
        HubParameter("vocab_size", "vocab_size", .count),
        HubParameter("rms_norm_eps", "attention.layer_norm_rms_epsilon"),
    ]
}

extension HubFamily {
    static let all = [
        llama, mistral, ernie, qwen2, qwen3, gemma, gemma2, gemma3, smolLM3, granite, phi3, seedOSS,
        olmo2, olmo3, glm4, exaone4,
    ]

    static let llama = HubFamily(
        types: ["llama"], architecture: "llama",
        defaults: ["rms_norm_eps": 1e-6, "tie_word_embeddings": false], hasPairedHalves: true)

    static let mistral = HubFamily(
        types: ["mistral"], architecture: "llama",
        defaults: [
            "rms_norm_eps": 1e-6, "tie_word_embeddings": false, "sliding_window": 4096,
        ],
        hasPairedHalves: true)

    static let qwen2 = HubFamily(
        types: ["qwen2"], architecture: "qwen2",
        defaults: ["rms_norm_eps": 1e-6, "tie_word_embeddings": false])

    static let qwen3 = HubFamily(
        types: ["qwen3"], architecture: "qwen3",
        defaults: ["rms_norm_eps": 1e-6, "tie_word_embeddings": false, "head_dim": 128])

    static let gemma = HubFamily(
        types: ["gemma"], architecture: "gemma",
        defaults: [
            "rms_norm_eps": 1e-6, "tie_word_embeddings": true, "head_dim": 256,
            "hidden_activation": "gelu_pytorch_tanh", "max_position_embeddings": 8192,
        ],
        activations: ["gelu_pytorch_tanh"], normsAddOne: true,
        // The class reads `hidden_activation` and no longer the key that it replaced.
        neutral: ["hidden_act"])

    static let gemma2 = HubFamily(
        types: ["gemma2"], architecture: "gemma2",
        defaults: [
            "rms_norm_eps": 1e-6, "tie_word_embeddings": true, "head_dim": 256,
            "hidden_activation": "gelu_pytorch_tanh", "max_position_embeddings": 8192,
            "sliding_window": 4096, "query_pre_attn_scalar": 256,
            "attn_logit_softcapping": 50.0, "final_logit_softcapping": 30.0,
        ],
        parameters: [
            HubParameter("attn_logit_softcapping", "attn_logit_softcapping"),
            HubParameter("final_logit_softcapping", "final_logit_softcapping"),
        ],
        activations: ["gelu_pytorch_tanh"], tensors: normsAfter, normsAddOne: true,
        hasWindowPattern: true, neutral: ["hidden_act"])

    static let gemma3 = HubFamily(
        types: ["gemma3_text", "gemma3"], architecture: "gemma3",
        defaults: [
            "rms_norm_eps": 1e-6, "tie_word_embeddings": true, "head_dim": 256,
            "hidden_size": 2304, "intermediate_size": 9216, "num_hidden_layers": 26,
            "num_attention_heads": 8, "num_key_value_heads": 4, "vocab_size": 262_208,
            "hidden_activation": "gelu_pytorch_tanh", "max_position_embeddings": 131_072,
            "sliding_window": 4096, "query_pre_attn_scalar": 256, "rope_theta": 1_000_000.0,
            "rope_local_base_freq": 10_000.0,
        ],
        parameters: [
            HubParameter("attn_logit_softcapping", "attn_logit_softcapping"),
            HubParameter("final_logit_softcapping", "final_logit_softcapping"),
        ],
        activations: ["gelu_pytorch_tanh"], tensors: normsAfter, normsAddOne: true,
        hasWindowPattern: true)

    static let smolLM3 = HubFamily(
        types: ["smollm3"], architecture: "smollm3",
        defaults: [
            "rms_norm_eps": 1e-6, "tie_word_embeddings": true, "rope_theta": 2_000_000.0,
        ],
        hasPairedHalves: true, unturnedPeriod: 4)

    static let granite = HubFamily(
        types: ["granite"], architecture: "granite",
        defaults: [
            "rms_norm_eps": 1e-6, "tie_word_embeddings": false, "logits_scaling": 1.0,
            "attention_multiplier": 1.0,
        ],
        parameters: [
            HubParameter("embedding_multiplier", "embedding_scale"),
            HubParameter("residual_multiplier", "residual_scale"),
            HubParameter("attention_multiplier", "attention.scale"),
            HubParameter("logits_scaling", "logit_scale"),
        ],
        hasPairedHalves: true)

    static let phi3 = HubFamily(
        types: ["phi3"], architecture: "phi3",
        defaults: ["rms_norm_eps": 1e-5, "tie_word_embeddings": false],
        tensors: ["self_attn.qkv_proj": "attn_qkv", "mlp.gate_up_proj": "ffn_up"])

    static let seedOSS = HubFamily(
        types: ["seed_oss"], architecture: "seed_oss",
        defaults: ["rms_norm_eps": 1e-6, "tie_word_embeddings": false, "head_dim": 128],
        tensors: ["post_attention_layernorm": "post_attention_norm"])

    /// ERNIE 4.5, whose pairs are neighbours as trained.
    static let ernie = HubFamily(
        types: ["ernie4_5"], architecture: "ernie4_5",
        defaults: ["rms_norm_eps": 1e-5, "tie_word_embeddings": true], neutral: ["use_bias"])

    static let olmo2 = HubFamily(
        types: ["olmo2"], architecture: "olmo2",
        defaults: ["rms_norm_eps": 1e-5, "tie_word_embeddings": false],
        tensors: normsAfterAlone, hasWindowPattern: true)

    static let olmo3 = HubFamily(
        types: ["olmo3"], architecture: "olmo2",
        defaults: [
            "rms_norm_eps": 1e-5, "tie_word_embeddings": false, "sliding_window": 4096,
        ],
        tensors: normsAfterAlone, hasWindowPattern: true)

    /// GLM-4 of 2025, whose pairs are neighbours as trained.
    static let glm4 = HubFamily(
        types: ["glm4"], architecture: "glm4",
        defaults: [
            "rms_norm_eps": 1.5625e-07, "tie_word_embeddings": false, "head_dim": 128,
            "partial_rotary_factor": 0.5,
        ],
        tensors: [
            "post_self_attn_layernorm": "post_attention_norm",
            "post_mlp_layernorm": "post_ffw_norm", "mlp.gate_up_proj": "ffn_up",
        ])

    static let exaone4 = HubFamily(
        types: ["exaone4"], architecture: "exaone4",
        defaults: ["rms_norm_eps": 1e-5, "tie_word_embeddings": false],
        tensors: normsAfterAlone, hasWindowPattern: true)

    /// Norms of what sub-layers give, and none before them.
    private static let normsAfterAlone = [
        "post_attention_layernorm": "post_attention_norm",
        "post_feedforward_layernorm": "post_ffw_norm",
    ]

    /// Norms after as well as before the sub-layers.
    private static let normsAfter = [
        "post_attention_layernorm": "post_attention_norm",
        "pre_feedforward_layernorm": "ffn_norm",
        "post_feedforward_layernorm": "post_ffw_norm",
    ]
}
