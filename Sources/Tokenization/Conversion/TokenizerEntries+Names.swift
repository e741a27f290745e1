extension TokenizerEntries {
    /// Names of pre-tokenizers in GGUF files that readers know; of several for the same, the one
    /// that is used most.
    private static let names = [
        "llama-bpe", "qwen2", "gpt-2", "gpt-4o", "tekken", "starcoder", "olmo", "command-r", "dbrx",
        "stablelm2", "hunyuan", "hunyuan-dense", "smollm", "falcon", "deepseek-v3", "deepseek-llm",
        "deepseek-coder", "qwen35", "seed-coder", "bloom", "viking", "youtu", "exaone4",
    ]

    /// The name under which a file has the pre-tokenizer of a byte-level tokenizer.
    static func name(of parts: TokenizerParts) throws(TokenizerError) -> String {
        func matches(_ name: String, exactly: Bool) -> Bool {
            guard let named = NamedPreTokenizer(name) else { return false }
            return named.preTokenizer == parts.preTokenizer && named.normalizer == parts.normalizer
                && (!exactly || named.ignoresMerges == parts.merging?.ignoresMerges)
        }
        // Whether a word that is a token is taken as it is changes little: its merges give it too,
        // but for the few tokens that no merges give.
        let name =
            names.first { matches($0, exactly: true) }
            ?? names.first { matches($0, exactly: false) }
        guard let name else {
            throw TokenizerError(
                .unsupportedStep,
                "text is normalized or cut in a way that has no name in GGUF files; run the model"
                    + " as the folder that it is")
        }
        return name
    }

    /// Whether a space is written before the whole text alone, and not before each of its parts
    /// between special tokens.
    static func prefixesFirstOnly(_ parts: TokenizerParts) -> Bool {
        parts.preTokenizer.rewriting.steps.contains {
            if case .begin(_, onlyFirst: true) = $0 { true } else { false }
        }
    }

    /// Whether a space is written before a text, of a tokenizer that is not byte-level.
    static func prefixesSpace(_ parts: TokenizerParts) throws(TokenizerError) -> Bool {
        let escape = Normalizer.Step.replace(Normalizer.space, with: Normalizer.escapedSpace)
        let mark = Normalizer.escapedSpace
        switch parts.normalizer.steps + parts.preTokenizer.rewriting.steps {
        case [escape]: return false
        case [.prepend(mark), escape], [escape, .begin(with: mark, onlyFirst: true)],
            [escape, .begin(with: mark, onlyFirst: false)]:
            return true
        default:
            throw TokenizerError(
                .unsupportedStep,
                "text is normalized in a way that a GGUF file cannot say; run the model as the"
                    + " folder that it is")
        }
    }
}
