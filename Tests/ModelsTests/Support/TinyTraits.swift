import ModelFiles

/// What an architecture computes otherwise than Llama, as its papers and its reference programs
/// say: what `ReferenceModel` reads. It has nothing of the product's own shapes.
struct TinyTraits {
    enum HeadNorm { case none, heads, ownHeads, row }
    enum Gate { case silu, gelu, exactGelu, squaredRelu }

    var isInterleaved = false
    var normsBefore = true
    var normsAfter = false
    var headNorm = HeadNorm.none
    /// The heads are normed after they are turned.
    var normsTurned = false
    var gate = Gate.silu
    /// The network has no gate: its activation is of the up projection.
    var isPlain = false
    /// Norms take the mean off and divide by the standard deviation; they may have biases.
    var normsMean = false
    var normsHaveBias = true
    /// Attention and network read the same stream, and perhaps the same norm.
    var isParallel = false
    var sharesNorm = false
    /// Positions are learned vectors, and nothing is turned.
    var learnsPositions = false
    var attentionNorm = "attn_norm"
    /// Every n-th layer is global; 0: all are.
    var globalPeriod = 0
    /// Global layers are not turned, in architectures that have windows.
    var globalIsUnturned = false
    /// Every n-th layer is not turned.
    var unturnedPeriod = 0
    /// The rope base of the layers with a window, if it is another.
    var localBase: Double?
    var scalesEmbedding = false
    /// The factor on what sub-layers add, the divisor of logits, and the bound of scores.
    var residualScale = 1.0
    var logitDivisor = 1.0
    var scoreCap: Double?
    var isFused = false
    /// How many networks tokens choose from, and how many each has; 0: there is one of all.
    var experts = 0
    let chosen = 2
    /// Whether the weights of those chosen add up to 1.
    var weightsAddUp = true
    /// Whether every token has a further network: weighed by a router of its own, or not at all.
    var shared = Shared.none
    enum Shared { case none, weighed, plain }
    /// What the norm before the feed-forward network is called.
    var networkNorm = "ffn_norm"
    /// Further keys of the file.
    var keys: [String: Float] = [:]
    var flags: [String: Bool] = [:]
    /// How much of a head is turned, in eighths.
    var turnedEighths = 8
    /// The projections that have a bias.
    var biases: Set<String> = []

    init(_ architecture: String) {
        switch architecture {
        case "qwen3moe", "granitemoe": experts = 5
        case "qwen2moe", "olmoe":
            experts = 5
            weightsAddUp = false
        default: break
        }
        if architecture == "qwen2moe" { shared = .weighed }
        if architecture == "granitemoe" { shared = .plain }
        switch architecture {
        case "llama", "mistral", "mistral3", "internlm2", "ernie4_5": isInterleaved = true
        case "qwen3", "qwen3moe": headNorm = .heads
        case "gemma", "gemma2", "gemma3":
            gate = .gelu
            scalesEmbedding = true
            if architecture == "gemma" { return }
            normsAfter = true
            globalPeriod = 2
            if architecture == "gemma3" {
                globalPeriod = 6
                headNorm = .heads
                localBase = 10_000
            } else {
                scoreCap = 2
                keys["attn_logit_softcapping"] = 2
            }
        case "smollm3":
            isInterleaved = true
            unturnedPeriod = 4
        case "olmo2", "exaone4":
            normsBefore = false
            normsAfter = true
            headNorm = architecture == "olmo2" ? .row : .heads
            globalPeriod = 4
            globalIsUnturned = architecture == "exaone4"
        case "olmoe": headNorm = .row
        case "granite", "granitemoe", "minicpm":
            isInterleaved = true
            residualScale = 0.3
            logitDivisor = 4
            keys = ["residual_scale": 0.3, "logit_scale": 4]
        case "phi3": isFused = true
        case "glm4":
            isInterleaved = true
            normsAfter = true
            isFused = true
        case "seed_oss": networkNorm = "post_attention_norm"
        case "hunyuan-dense":
            headNorm = .heads
            normsTurned = true
        default: meanNormed(architecture)
        }
    }

    private static let all: Set = [
        "attn_q", "attn_k", "attn_v", "attn_output", "ffn_up", "ffn_down",
    ]

    private mutating func meanNormed(_ architecture: String) {
        guard !["qwen2", "qwen2moe"].contains(architecture) else { return }
        normsMean = true
        isPlain = true
        switch architecture {
        case "gpt2":
            gate = .gelu
            learnsPositions = true
            biases = Self.all
            isFused = true
        case "gptneox":
            gate = .exactGelu
            isParallel = true
            turnedEighths = 2
            biases = Self.all
            isFused = true
        case "starcoder2":
            gate = .gelu
            biases = Self.all
        case "stablelm":
            isPlain = false
            turnedEighths = 4
        case "falcon":
            gate = .exactGelu
            isParallel = true
            (attentionNorm, networkNorm) = ("attn_norm_2", "attn_norm")
            isFused = true
        case "phi2":
            gate = .gelu
            isParallel = true
            sharesNorm = true
            turnedEighths = 4
            biases = Self.all.union(["output"])
        case "command-r", "cohere2":
            isPlain = false
            isInterleaved = true
            isParallel = true
            sharesNorm = true
            normsHaveBias = false
            logitDivisor = 4
            keys = ["logit_scale": 0.25]
            if architecture == "cohere2" {
                globalPeriod = 4
                globalIsUnturned = true
            } else {
                headNorm = .ownHeads
            }
        case "gptj":
            isInterleaved = true
            gate = .gelu
            isParallel = true
            sharesNorm = true
            turnedEighths = 4
            biases = ["ffn_up", "ffn_down", "output"]
        case "nemotron":
            gate = .squaredRelu
            turnedEighths = 4
        default: break
        }
    }
}
