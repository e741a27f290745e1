package import ModelFiles

extension Tokenizer {
    /// The tokenizer in a GGUF file's metadata (`tokenizer.ggml.*`).
    ///
    /// Models `gpt2` (byte-level BPE with the pre-tokenizer that `tokenizer.ggml.pre` names),
    /// `llama` (SentencePiece-style BPE by scores), `gemma4` (the same by merges), `t5` (Unigram)
    /// and `bert` (WordPiece) are read. A pre-tokenizer that is not known is replaced by the
    /// default one, with a warning.
    ///
    /// - Throws: if the model is of another kind, the vocabulary is empty, too large, or has two
    ///   tokens of the same text, or lists have the wrong type or length.
    package init(gguf: GGUFFile) throws(TokenizerError) { try self.init(metadata: gguf.metadata) }

    /// The tokenizer in a GGUF file's metadata; see `init(gguf:)`.
    package init(metadata: GGUFMetadata) throws(TokenizerError) {
        var loader = try GGUFTokenizerLoader(metadata)
        self.init(try loader.load())
    }
}

/// Reads `tokenizer.ggml.*`. What the keys mean where they are missing follows llama.cpp
/// (`llama_vocab::impl::load`).
struct GGUFTokenizerLoader {
    let metadata: GGUFMetadata
    let model: String
    var builder: VocabularyBuilder
    var warnings: [String] = []

    static func key(_ name: String) -> String { "tokenizer.ggml." + name }

    init(_ metadata: GGUFMetadata) throws(TokenizerError) {
        self.metadata = metadata
        model = try Self.reading { () throws(ModelFileError) in
            try metadata.string(Self.key("model"))
        }
        let known = ["gpt2", "llama", "gemma4", "t5", "bert"]
        guard known.contains(model) else {
            throw TokenizerError(
                .unsupportedModel,
                "tokenizer model \(quoted(model)) is not supported;"
                    + " \(known.joined(separator: ", ")) are")
        }
        let strings = try Self.reading { () throws(ModelFileError) in
            try metadata.strings(Self.key("tokens"))
        }
        try VocabularyBuilder.check(tokens: strings.count, bytes: 0)
        var size = 0
        for index in 0..<strings.count { size += strings[index].count }
        try VocabularyBuilder.check(tokens: strings.count, bytes: size)
        var texts = PieceList()
        texts.reserve(strings: strings.count, bytes: size)
        for index in 0..<strings.count { texts.append(strings.slice(index)) }
        let kinds = try Self.kinds(metadata, count: strings.count)
        builder = try VocabularyBuilder(texts: texts, kinds: kinds)
    }

    private static func kinds(
        _ metadata: GGUFMetadata, count: Int
    ) throws(TokenizerError) -> [TokenKind] {
        let types = try reading { () throws(ModelFileError) in
            try metadata.integers(ifPresent: key("token_type"))
        }
        guard let types else { return Array(repeating: .normal, count: count) }
        guard types.count >= count else {
            throw TokenizerError(
                .badVocabulary, "there are \(types.count) token types for \(count) tokens")
        }
        return types.prefix(count).map { TokenKind(number: $0) }
    }

    mutating func load() throws(TokenizerError) -> TokenizerParts {
        switch model {
        case "t5": return try loadUnigram()
        case "bert": return try loadWordPiece()
        default: return try loadMerging()
        }
    }

    private mutating func loadMerging() throws(TokenizerError) -> TokenizerParts {
        let coding: VocabularyBuilder.Coding = model == "gpt2" ? .byteAlphabet : .escapedSpaces
        var pre: NamedPreTokenizer?
        if model == "gpt2" { pre = try namedPreTokenizer() }
        let roles = try loadRoles(addsBOS: model != "gpt2" || (pre?.addsBOS ?? false))
        var merging = try mergeModel(coding)
        merging.ignoresMerges = pre?.ignoresMerges ?? false
        var parts = TokenizerParts(
            vocabulary: builder.vocabulary(coding), model: .merging(merging),
            preTokenizer: pre?.preTokenizer ?? PreTokenizer(), roles: roles)
        parts.normalizer = pre?.normalizer ?? Normalizer()
        parts.addedTokens = try addedTokens()
        switch model {
        case "llama":
            let prefixed = try bool("add_space_prefix") ?? true
            if prefixed { parts.normalizer.steps.append(.prepend(Normalizer.space)) }
            parts.dropsLeadingSpace = prefixed
            fallthrough
        case "gemma4":
            parts.normalizer.steps.append(
                .replace(Normalizer.space, with: Normalizer.escapedSpace))
            if model == "gemma4" { parts.preTokenizer.rules.append(.lines) }
            parts.preTokenizer.rules.append(.escapedWords(unless: builder.bytesBeforeSpaces))
        default: break
        }
        parts.warnings = warnings
        return parts
    }

    private mutating func namedPreTokenizer() throws(TokenizerError) -> NamedPreTokenizer? {
        let metadata = self.metadata
        let name = try Self.reading { () throws(ModelFileError) in
            try metadata.string(ifPresent: Self.key("pre"))
        }
        guard let name else {
            warn("the file names no pre-tokenizer: the default one is used; answers may suffer")
            return NamedPreTokenizer("default")
        }
        if let named = NamedPreTokenizer(name) { return named }
        warn(
            "pre-tokenizer \(quoted(name)) is not known: the default one is used;"
                + " answers may suffer")
        return NamedPreTokenizer("default")
    }

    mutating func warn(_ text: String) {
        if warnings.count < TokenizerLimits.warnings { warnings.append(text) }
    }

    func bool(_ name: String) throws(TokenizerError) -> Bool? {
        let metadata = self.metadata
        return try Self.reading { () throws(ModelFileError) in
            try metadata.bool(ifPresent: Self.key(name))
        }
    }

    /// Runs a read of metadata; its error becomes a tokenizer's.
    static func reading<Value>(
        _ body: () throws(ModelFileError) -> Value
    ) throws(TokenizerError) -> Value {
        do {
            return try body()
        } catch {
            throw TokenizerError(
                error.code == .missingKey || error.code == .wrongType ? .missingKey : .badFile,
                error.description)
        }
    }
}
