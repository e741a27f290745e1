import QuireIdentifiers

/// The tokens with a part to play in prompts and at the end of answers.
struct TokenRoles: Sendable {
    var bos: TokenID?
    var eos: TokenID?
    /// Tokens that end an answer.
    var endOfGeneration: Set<TokenID> = []
    /// Tokens that a prompt begins and ends with.
    var promptPrefix: [TokenID] = []
    var promptSuffix: [TokenID] = []
    /// Tokens that ask for the middle of a text.
    var fill: FillTokens?

    /// Names of tokens that end an answer, in the models of the field (as llama.cpp lists them,
    /// since files often name none but `eos`).
    static let endNames = [
        "<|eot_id|>", "<|im_end|>", "<|end|>", "<|return|>", "<|call|>", "<|flush|>", "<|calls|>",
        "<end_of_turn>", "<|endoftext|>", "</s>", "<|eom_id|>", "<EOT>", "_<EOT>", "[EOT]",
        "[EOS]", "<|end_of_text|>", "<end_of_utterance>", "<eos>", "<turn|>", "<|tool_response>",
        "<｜end▁of▁sentence｜>", "[e~[",
        // Fill-in-the-middle: the end of the part, of the file, of the repository.
        "<|fim_pad|>", "<fim-pad>", "<fim_pad>", "<PAD>", "[PAD]",
        "<|fim_repo|>", "<|repo_name|>", "<fim-repo>", "<REPO>", "<reponame>", "<|file_sep|>",
    ]

    /// Names of the beginning of a text, for files that do not say which token it is.
    static let beginNames = ["<s>", "<bos>", "<|begin_of_text|>", "<|startoftext|>"]

    /// Tokens that are text to the model although files call them control (gpt-oss).
    static let textNames = ["<|channel|>", "<|message|>", "<|start|>", "<|constrain|>"]

    /// The tokens of `endNames` that the vocabulary has, less those that end nothing in the
    /// company of others: `<|end|>` ends a part of an answer where `<|return|>` ends the answer,
    /// and `</s>` is a leftover beside `<|tool_response>`.
    static func endTokens(find: (String) -> Int?) -> [Int] {
        var names = endNames
        func has(_ name: String) -> Bool { find(name) != nil }
        let hasCall = has("<|call|>") || has("<|calls|>")
        if hasCall, has("<|return|>") || has("<|flush|>") { names.removeAll { $0 == "<|end|>" } }
        if has("<|tool_response>") { names.removeAll { $0 == "</s>" } }
        return names.compactMap(find)
    }
}
