/// How text is cut into the pieces inside of which tokens are merged: rules applied one after the
/// other, each to the pieces of the one before.
struct PreTokenizer: Hashable, Sendable {
    /// What is rewritten before anything is cut.
    var rewriting = Normalizer()
    var rules: [SplitRule]

    init(_ rules: SplitRule...) { self.rules = rules }

    static let gpt2 = PreTokenizer(.gpt2)
    static let llama3 = PreTokenizer(.words(WordRule(digits: 3)))
    static let qwen2 = PreTokenizer(.words(WordRule(digits: 1)))
    static let starcoder = PreTokenizer(.numbers(1), .gpt2)
    static let deepseekV3 = PreTokenizer(.numbers(3), .hanAndKana, .punctuatedWords)
    /// What llama.cpp uses where a file names no pre-tokenizer.
    static let unnamed = PreTokenizer(
        .punctuationRuns(backtick: false), .gpt2, .numbers(.max), .digitTriples)
}

/// What the name in `tokenizer.ggml.pre` stands for.
struct NamedPreTokenizer {
    var preTokenizer: PreTokenizer
    /// How text is rewritten first: files name it nowhere, so it is that of the family.
    var normalizer: Normalizer
    /// Whether a piece that is a token is taken as it is, without merging.
    var ignoresMerges = false
    /// Whether a prompt begins with BOS where the metadata says nothing.
    var addsBOS = false

    /// The pre-tokenizer of a name, as llama.cpp maps them (`llama_vocab::impl::load`); nil for a
    /// name that is not known here.
    init?(_ name: String) {
        guard let preTokenizer = Self.preTokenizer(name) else { return nil }
        self.preTokenizer = preTokenizer
        normalizer = Normalizer(steps: Self.composing.contains(name) ? [.form(.composed)] : [])
        switch name {
        case "llama3", "llama-v3", "llama-bpe", "falcon3", "falcon-h1", "pixtral", "midm-2.0",
            "lfm2", "jina-v5-nano", "tekken":
            ignoresMerges = true
            addsBOS = true
        case "minicpm5", "youtu": ignoresMerges = true
        case "chameleon": addsBOS = true
        default: break
        }
    }

    /// The names whose reference tokenizers write text in form C.
    private static let composing: Set<String> = [
        // Qwen 2 and later, and models that took its tokenizer.
        "qwen2", "qwen35", "deepseek-r1-qwen", "megrez", "f2llmv2",
        // Derived from the code of Qwen's first tokenizer.
        "stablelm2", "hunyuan", "hunyuan-dense",
        // Cohere.
        "command-r",
        // GPT-NeoX, and models that took its tokenizer.
        "mpt", "olmo", "modern-bert",
    ]

    private static func preTokenizer(_ name: String) -> PreTokenizer? {
        switch name {
        case "default": .unnamed
        case "llama3", "llama-v3", "llama-bpe", "falcon3", "falcon-h1", "pixtral", "midm-2.0",
            "lfm2", "jina-v5-nano", "dbrx", "smaug-bpe", "glm4", "chatglm-bpe":
            .llama3
        case "qwen2", "deepseek-r1-qwen", "kormo", "f2llmv2", "megrez", "stablelm2", "hunyuan",
            "solar-open", "grok-2", "bailingmoe", "bailingmoe2", "llada-moe":
            .qwen2
        case "qwen35": PreTokenizer(.words(WordRule(digits: 1, marks: true)))
        case "minicpm5": PreTokenizer(.numbers(3), .words(WordRule(digits: .max)))
        case "seed-coder":
            PreTokenizer(.words(WordRule(digits: 1, breaksEndPunctuation: false)))
        case "ufakzeka": PreTokenizer(.words(WordRule(digits: 1, contractions: false)))
        case "laguna": PreTokenizer(.lines, .words(WordRule(digits: 1)))
        case "deepseek-llm":
            PreTokenizer(
                .lineBreaks, .casedScripts, .widePunctuation, .trailingWhitespace, .eastAsian,
                .numbers(.max))
        case "deepseek-coder":
            PreTokenizer(.lineBreaks, .letters, .spacedPunctuation, .eastAsian, .numbers(1))
        case "deepseek-v3", "hunyuan-dense", "joyai-llm", "hy_v4": .deepseekV3
        case "falcon":
            PreTokenizer(.punctuationRuns(backtick: true), .gpt2, .digitTriples)
        case "starcoder", "refact", "command-r", "smollm", "codeshell", "exaone", "minerva-7b",
            "mellum2":
            .starcoder
        case "gpt-2", "phi-2", "jina-es", "jina-de", "gigachat", "jina-v2-es", "jina-v2-de",
            "a.x-4.0", "mellum", "modern-bert", "jina-v1-en", "jina-v2-code", "roberta-bpe", "mpt",
            "olmo", "jais", "trillion", "granite-docling", "exaone4":
            .gpt2
        case "poro-chat", "bloom", "gpt3-finnish": PreTokenizer(.bloom)
        case "viking": PreTokenizer(.bloom, .numbers(1))
        case "tekken": PreTokenizer(.casedWords(digits: 1, contractions: false))
        case "gpt-4o", "llama4", "kanana2", "talkie", "minimax-m2":
            PreTokenizer(.casedWords(digits: 3, contractions: true))
        default: nil
        }
    }
}
