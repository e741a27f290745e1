package import QuireIdentifiers

/// The tokens by which a model is asked for the text between two others.
package struct FillTokens: Hashable, Sendable {
    /// Comes before the text that goes before.
    package let prefix: TokenID
    /// Comes before the text that goes after.
    package let suffix: TokenID
    /// Comes before the text that is wanted.
    package let middle: TokenID
    /// Comes before the name of a repository.
    package let repository: TokenID?
    /// Comes before the name and the text of each of its files.
    package let file: TokenID?

    /// All of them.
    package var all: Set<TokenID> {
        Set([prefix, suffix, middle, repository, file].compactMap(\.self))
    }

    /// The tokens of a vocabulary; nil where one of the first three is missing.
    ///
    /// - Parameters:
    ///   - named: the tokens that the file names for parts, whatever their texts.
    ///   - find: the token of a text.
    init?(named: [Part: Int], find: (String) -> Int?) {
        func token(_ part: Part) -> TokenID? {
            let id = named[part] ?? part.names.lazy.compactMap(find).first
            return id.map { TokenID(UInt32($0)) }
        }
        guard let prefix = token(.prefix), let suffix = token(.suffix),
            let middle = token(.middle)
        else { return nil }
        self.prefix = prefix
        self.suffix = suffix
        self.middle = middle
        repository = token(.repository)
        file = token(.file)
    }

    /// What a token is for. Files seldom say it: the texts are those that llama.cpp looks for.
    enum Part: CaseIterable {
        case prefix
        case suffix
        case middle
        case repository
        case file

        /// The keys of a GGUF file, the newest first.
        var keys: [String] {
            switch self {
            case .prefix: ["fim_pre_token_id", "prefix_token_id"]
            case .suffix: ["fim_suf_token_id", "suffix_token_id"]
            case .middle: ["fim_mid_token_id", "middle_token_id"]
            case .repository: ["fim_rep_token_id"]
            case .file: ["fim_sep_token_id"]
            }
        }

        /// The tokens' texts, in the models of the field.
        var names: [String] {
            switch self {
            case .prefix:
                [
                    "<|fim_prefix|>", "<fim-prefix>", "<fim_prefix>", "<｜fim▁begin｜>", "<PRE>",
                    "▁<PRE>", "<|code_prefix|>", "<|prefix|>",
                ]
            case .suffix:
                [
                    "<|fim_suffix|>", "<fim-suffix>", "<fim_suffix>", "<｜fim▁hole｜>", "<SUF>",
                    "▁<SUF>", "<|code_suffix|>", "<|suffix|>",
                ]
            case .middle:
                [
                    "<|fim_middle|>", "<fim-middle>", "<fim_middle>", "<｜fim▁end｜>", "<MID>",
                    "▁<MID>", "<|code_middle|>", "<|middle|>",
                ]
            case .repository:
                ["<|fim_repo|>", "<|repo_name|>", "<fim-repo>", "<REPO>", "<reponame>"]
            case .file: ["<|file_sep|>"]
            }
        }
    }
}
