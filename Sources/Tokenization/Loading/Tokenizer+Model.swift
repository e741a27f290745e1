package import ModelFiles
import QuireIdentifiers

extension Tokenizer {
    /// The tokenizer of a model, from whatever its files have of it.
    ///
    /// - Throws: as `init(metadata:)` and `init(tokenizerJSON:)`; `missingKey` for a folder without
    ///   a `tokenizer.json`, and for tokens that the files beside it name and it has not.
    package init(_ model: any ModelDescription) throws(TokenizerError) {
        switch model.tokenizer {
        case .metadata(let metadata): try self.init(metadata: metadata)
        case .json(let bytes, let tokens):
            guard let bytes else {
                throw TokenizerError(
                    .missingKey,
                    "\(model.path) has no tokenizer.json; fetch it, or take the model as a GGUF"
                        + " file")
            }
            var loader = try JSONTokenizerLoader(TokenizerJSON(bytes))
            self.init(try loader.load(tokens))
        }
    }
}

extension JSONTokenizerLoader {
    /// The tokenizer with the roles of tokens that other files give them.
    mutating func load(_ tokens: HubTokens) throws(TokenizerError) -> TokenizerParts {
        var parts = try load()
        let bos = try id(of: tokens.bos, "bos_token")
        let eos = try id(of: tokens.eos, "eos_token")
        parts.roles.bos = bos ?? parts.roles.bos
        parts.roles.eos = eos ?? parts.roles.eos
        if let eos { parts.roles.endOfGeneration.insert(eos) }
        for id in tokens.endTokens {
            guard builder.kinds.indices.contains(id) else {
                throw TokenizerError(
                    .badSpecialToken, "eos_token_id is \(id), beyond the vocabulary")
            }
            parts.roles.endOfGeneration.insert(TokenID(UInt32(id)))
        }
        if let bos, let adds = tokens.addsBOS {
            let hasIt = parts.roles.promptPrefix.first == bos
            if adds, !hasIt { parts.roles.promptPrefix.insert(bos, at: 0) }
            if !adds, hasIt { parts.roles.promptPrefix.removeFirst() }
        }
        if let eos, let adds = tokens.addsEOS {
            let hasIt = parts.roles.promptSuffix.last == eos
            if adds, !hasIt { parts.roles.promptSuffix.append(eos) }
            if !adds, hasIt { parts.roles.promptSuffix.removeLast() }
        }
        return parts
    }

    /// The id of a token that a file names; nil where it names none.
    private func id(of text: String?, _ key: String) throws(TokenizerError) -> TokenID? {
        guard let text else { return nil }
        guard let id = builder.find(text) else {
            throw TokenizerError(
                .badSpecialToken,
                "\(key) of tokenizer_config.json, \(quoted(text)), is not in the vocabulary")
        }
        return TokenID(UInt32(id))
    }
}
