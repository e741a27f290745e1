package import ModelFiles
import QuireIdentifiers

/// A tokenizer as a GGUF file has it: the entries under `tokenizer.ggml.`, and what they leave out.
package struct TokenizerEntries: Sendable {
    /// The entries in the order of the file; none for a model that is a GGUF file itself.
    package private(set) var entries: [(key: String, value: GGUFValue)] = []
    /// What a reader of the file will do otherwise, in sentences for people.
    package internal(set) var warnings: [String] = []

    /// The entries for a model's tokenizer.
    ///
    /// - Parameters:
    ///   - model: The model.
    ///   - count: How many tokens the model knows: the rows of its embedding, of which there may be
    ///     more than its tokenizer has tokens. nil: as many as that has.
    /// - Throws: as `Tokenizer.init(_:)`; `unsupportedModel` or `unsupportedStep` for what such a
    ///   file cannot say: it names a pre-tokenizer, of a list, and does not describe one.
    package init(_ model: any ModelDescription, count: Int?) throws(TokenizerError) {
        if case .sentencePiece = model.tokenizer {
            throw TokenizerError(
                .unsupportedModel,
                "a tokenizer.model is not written to GGUF files; fetch the model's tokenizer.json")
        }
        guard case .json(let bytes, let tokens) = model.tokenizer else { return }
        guard let bytes else {
            throw TokenizerError(
                .missingKey, "\(model.path) has no tokenizer.json; fetch it with the model")
        }
        var loader = try JSONTokenizerLoader(TokenizerJSON(bytes))
        var parts = try loader.load()
        try parts.take(tokens, loader.builder)
        guard parts.merging != nil else {
            throw TokenizerError(
                .unsupportedModel,
                "\(loader.kind.rawValue) tokenizers are not written to GGUF files; run the model as"
                    + " the folder that it is")
        }
        if parts.isByteLevel {
            set("model", .text("gpt2"))
            set("pre", .text(try Self.name(of: parts)))
        } else {
            set("model", .text("llama"))
            set("pre", .text("default"))
            set("add_space_prefix", .bool(try Self.prefixesSpace(parts)))
        }
        addTokens(loader, parts, count: max(count ?? 0, loader.builder.texts.count))
        if parts.isByteLevel { addMerges(loader.file) } else { addScores(loader) }
        try addRoles(parts, loader.builder)
        if Self.prefixesFirstOnly(parts) {
            warnings.append(
                "after a special token inside of a text, a reader of the file writes a space that"
                    + " this tokenizer does not write")
        }
        if (parts.addedTokens + parts.normalizedTokens).contains(where: \.looksAround) {
            warnings.append(
                "some special tokens take the spaces around them, or stand only between words,"
                    + " which a GGUF file does not say")
        }
        try check(against: Tokenizer(parts))
    }

    private mutating func set(_ name: String, _ value: GGUFValue) {
        entries.append((GGUFTokenizerLoader.key(name), value))
    }

    /// Texts and kinds. Places without a token are kept free under names that nobody writes.
    private mutating func addTokens(
        _ loader: JSONTokenizerLoader, _ parts: TokenizerParts, count: Int
    ) {
        var texts: [[UInt8]] = []
        var kinds: [Int32] = []
        texts.reserveCapacity(count)
        for id in 0..<count {
            let text = id < loader.builder.texts.count ? Array(loader.builder.texts.slice(id)) : []
            guard text.isEmpty else {
                texts.append(text)
                let isUnknown = !parts.isByteLevel && parts.merging?.unknown == UInt32(id)
                kinds.append(Int32((isUnknown ? .unknown : loader.builder.kinds[id]).rawValue))
                continue
            }
            var name = "[PAD\(id)]"
            while loader.builder.find(name) != nil { name = "[\(name)]" }
            texts.append(Array(name.utf8))
            kinds.append(Int32(TokenKind.unused.rawValue))
        }
        set("tokens", .array(GGUFArray(strings: texts)))
        set("token_type", .array(GGUFArray(int32s: kinds)))
    }

    private mutating func addMerges(_ file: TokenizerJSON) {
        let merges = (0..<file.merges.count / 2).map { rank in
            Array(
                [file.merges.slice(2 * rank), file.merges.slice(2 * rank + 1)].joined(
                    separator: [0x20]))
        }
        set("merges", .array(GGUFArray(strings: merges)))
    }

    /// How early each token is formed, which files of this kind say instead of merges: at the first
    /// of the merges that give it.
    private mutating func addScores(_ loader: JSONTokenizerLoader) {
        let (file, builder) = (loader.file, loader.builder)
        let last = -Float(file.merges.count)
        var scores = [Float](repeating: last, count: builder.texts.count)
        for rank in (0..<file.merges.count / 2).reversed() {
            let id = builder.find(file.merges[2 * rank], file.merges[2 * rank + 1])
            if let id { scores[id] = -Float(rank) }
        }
        let free = (count ?? scores.count) - scores.count
        scores += [Float](repeating: last, count: free)
        set("scores", .array(GGUFArray(floats: scores)))
    }

    /// How many tokens were added.
    private var count: Int? {
        for (key, value) in entries where key == GGUFTokenizerLoader.key("tokens") {
            if case .array(let array) = value { return array.count }
        }
        return nil
    }

    private mutating func addRoles(
        _ parts: TokenizerParts, _ builder: VocabularyBuilder
    ) throws(TokenizerError) {
        let roles = parts.roles
        func id(_ token: TokenID) -> GGUFValue { .uint32(token.rawValue) }
        // A guess by name may have found a piece of text.
        if let bos = roles.bos, builder.kinds[Int(bos.rawValue)].isSpecial {
            set("bos_token_id", id(bos))
        }
        if let eos = roles.eos { set("eos_token_id", id(eos)) }
        if !parts.isByteLevel, let unknown = parts.merging?.unknown,
            unknown != MergeModel.noToken
        {
            set("unknown_token_id", .uint32(unknown))
        }
        // Readers know many by their names.
        let known = Set(TokenRoles.endTokens { builder.find($0) }.map { TokenID(UInt32($0)) })
        let ends = roles.endOfGeneration.filter { $0 != roles.eos && !known.contains($0) }
            .sorted { $0.rawValue < $1.rawValue }
        for (key, end) in zip(["eot_token_id", "eom_token_id"], ends) { set(key, id(end)) }
        let adds = [
            ("add_bos_token", "begin", roles.promptPrefix, roles.bos),
            ("add_eos_token", "end", roles.promptSuffix, roles.eos),
        ]
        for (key, place, added, token) in adds {
            guard added.isEmpty || added == [token].compactMap(\.self) else {
                throw TokenizerError(
                    .unsupportedStep,
                    "prompts \(place) with the tokens \(added.map(\.rawValue)), which a GGUF file"
                        + " cannot say")
            }
            set(key, .bool(!added.isEmpty))
        }
    }
}

extension TokenizerParts {
    /// Whether symbols are bytes, rather than characters.
    var isByteLevel: Bool { merging?.symbols == .bytes }

    /// The merges, of a tokenizer that has some.
    var merging: MergeModel? {
        if case .merging(let model) = model { model } else { nil }
    }
}

extension AddedToken {
    /// Whether what is around it matters.
    fileprivate var looksAround: Bool { takesSpaceBefore || takesSpaceAfter || isWholeWord }
}
