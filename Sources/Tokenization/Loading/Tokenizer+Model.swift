package import ModelFiles
import QuireIdentifiers

extension Tokenizer {
    /// The tokenizer of a model, from whatever its files have of it.
    ///
    /// - Throws: as `init(metadata:)`, `init(tokenizerJSON:)` and `init(sentencePiece:_:)`;
    ///   `missingKey` for a folder without any of their files, and for tokens that the files beside
    ///   it name and it has not.
    package init(_ model: any ModelDescription) throws(TokenizerError) {
        switch model.tokenizer {
        case .metadata(let metadata): try self.init(metadata: metadata)
        case .json(let bytes, let tokens):
            guard let bytes else {
                throw TokenizerError(
                    .missingKey,
                    "\(model.path) has no tokenizer.json and no tokenizer.model; fetch one, or take"
                        + " the model as a GGUF file")
            }
            var loader = try JSONTokenizerLoader(TokenizerJSON(bytes))
            var parts = try loader.load()
            try parts.take(tokens, loader.builder)
            self.init(parts)
        case .sentencePiece(let bytes, let tokens):
            try self.init(sentencePiece: bytes, tokens)
        }
    }
}

extension TokenizerParts {
    /// Takes the roles of tokens that other files give them.
    mutating func take(
        _ tokens: HubTokens, _ builder: VocabularyBuilder
    ) throws(TokenizerError) {
        let bos = try Self.id(of: tokens.bos, "bos_token", builder) ?? roles.bos
        let eos = try Self.id(of: tokens.eos, "eos_token", builder)
        roles.bos = bos
        roles.eos = eos ?? roles.eos
        if let eos { roles.endOfGeneration.insert(eos) }
        for id in tokens.endTokens {
            guard builder.kinds.indices.contains(id) else {
                throw TokenizerError(
                    .badSpecialToken, "eos_token_id is \(id), beyond the vocabulary")
            }
            roles.endOfGeneration.insert(TokenID(UInt32(id)))
        }
        if let bos, let adds = tokens.addsBOS {
            let hasIt = roles.promptPrefix.first == bos
            if adds, !hasIt { roles.promptPrefix.insert(bos, at: 0) }
            if !adds, hasIt { roles.promptPrefix.removeFirst() }
        }
        if let eos = roles.eos, let adds = tokens.addsEOS {
            let hasIt = roles.promptSuffix.last == eos
            if adds, !hasIt { roles.promptSuffix.append(eos) }
            if !adds, hasIt { roles.promptSuffix.removeLast() }
        }
    }

    /// The id of a token that a file names; nil where it names none.
    private static func id(
        of text: String?, _ key: String, _ builder: VocabularyBuilder
    ) throws(TokenizerError) -> TokenID? {
        guard let text else { return nil }
        guard let id = builder.find(text) else {
            throw TokenizerError(
                .badSpecialToken,
                "\(key) of tokenizer_config.json, \(quoted(text)), is not in the vocabulary")
        }
        return TokenID(UInt32(id))
    }
}
