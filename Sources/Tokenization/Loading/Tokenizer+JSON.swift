import ModelFiles
import QuireIdentifiers
import QuireJSON

extension Tokenizer {
    /// The tokenizer in a `tokenizer.json` of the Hugging Face `tokenizers` library.
    ///
    /// Models of the types `BPE` (byte-level, or with characters and byte fallback), `Unigram` and
    /// `WordPiece` are read, with the normalizers, pre-tokenizers, post-processors and decoders
    /// that such models use. The file does not name the BOS and EOS tokens: they are the ones that
    /// its template puts around a text, or else the ones with a well-known name.
    ///
    /// - Throws: for whatever is not implemented, by name, since guessing would give wrong tokens;
    ///   for text that is not JSON, and lists that contradict each other.
    package init(tokenizerJSON: [UInt8]) throws(TokenizerError) {
        var loader = try JSONTokenizerLoader(TokenizerJSON(tokenizerJSON))
        self.init(try loader.load())
    }
}

/// Makes sense of a `tokenizer.json`.
struct JSONTokenizerLoader {
    let file: TokenizerJSON
    let kind: Kind
    var builder: VocabularyBuilder
    /// Tokens looked for in text as it comes, and in normalized text.
    private var addedTokens: [AddedToken] = []
    private var normalizedTokens: [AddedToken] = []

    /// The types of models that are implemented.
    enum Kind: String {
        case merging = "BPE"
        case unigram = "Unigram"
        case wordPiece = "WordPiece"
    }

    init(_ file: TokenizerJSON) throws(TokenizerError) {
        self.file = file
        kind = try Self.kind(file)
        let entries = try AddedTokenEntry.list(file.members["added_tokens"])
        builder = try Self.vocabulary(file, entries)
        for entry in entries {
            guard let id = builder.find(entry.content) else { continue }
            builder.kinds[id] = entry.isSpecial ? .control : .userDefined
            let token = entry.token(id: UInt32(id))
            if entry.isNormalized {
                normalizedTokens.append(token)
            } else {
                addedTokens.append(token)
            }
        }
    }

    mutating func load() throws(TokenizerError) -> TokenizerParts {
        let normalizer = try Normalizer(json: file.members["normalizer"])
        var pre = PreTokenizerReader()
        try pre.read(file.members["pre_tokenizer"])
        let decoder = try Decoder(file.members["decoder"])
        let coding = coding(isByteLevel: pre.isByteLevel, decoder)
        if decoder.readsBytes {
            for id in builder.kinds.indices
            where builder.kinds[id] == .normal && builder.byte(ofToken: id) != nil {
                builder.kinds[id] = .byte
            }
        }
        let model = try model(coding)
        var parts = TokenizerParts(
            vocabulary: builder.vocabulary(coding), model: model,
            preTokenizer: pre.preTokenizer, normalizer: normalizer)
        // An unknown U+2581 could be fused with what is before it, so words would not be apart.
        if kind == .merging, coding == .escapedSpaces, builder.find("\u{2581}") != nil,
            !pre.preTokenizer.rules.contains(.escapedSpaces)
        {
            parts.preTokenizer.rules.append(.escapedWords(unless: builder.bytesBeforeSpaces))
        }
        parts.addedTokens = addedTokens
        parts.normalizedTokens = normalizedTokens.map { token in
            var token = token
            token.text = normalizer(token.text)
            return token
        }
        parts.dropsLeadingSpace = decoder.dropsLeadingSpace
        parts.roles = try roles()
        return parts
    }

    /// The vocabulary and the added tokens beyond it, in the order of their ids.
    private static func vocabulary(
        _ file: TokenizerJSON, _ entries: [AddedTokenEntry]
    ) throws(TokenizerError) -> VocabularyBuilder {
        let known = Set(entries.map { $0.content })
        var present: Set<String> = []
        // The place of each id: an index into the texts, or beyond them into the entries.
        var places: [Int: Int] = [:]
        places.reserveCapacity(file.ids.count)
        var top = -1
        for (index, id) in file.ids.enumerated() {
            guard places.updateValue(index, forKey: id) == nil else {
                throw TokenizerError(.badVocabulary, "token id \(id) occurs twice")
            }
            top = max(top, id)
            if !known.isEmpty, file.texts.range(index).count <= TokenizerLimits.specialTokenBytes {
                let text = String(decoding: file.texts.slice(index), as: UTF8.self)
                if known.contains(text) { present.insert(text) }
            }
        }
        for (index, entry) in entries.enumerated() where !present.contains(entry.content) {
            present.insert(entry.content)
            guard places.updateValue(file.ids.count + index, forKey: entry.id) == nil else {
                throw TokenizerError(
                    .badSpecialToken,
                    "added token \(quoted(entry.content)) has the id \(entry.id) of another token")
            }
            top = max(top, entry.id)
        }
        guard top < 2 * places.count + 4096 else {
            throw TokenizerError(
                .badVocabulary, "\(places.count) tokens have ids up to \(top): too many holes")
        }
        var texts = PieceList()
        texts.reserve(strings: top + 1, bytes: file.texts.bytes.count)
        var kinds = [TokenKind](repeating: .normal, count: top + 1)
        for id in 0..<top + 1 {
            switch places[id] {
            case .some(let place) where place < file.ids.count:
                texts.append(file.texts.slice(place))
            case .some(let place): texts.append(entries[place - file.ids.count].content.utf8)
            case .none:
                texts.append([])
                kinds[id] = .unused
            }
        }
        return try VocabularyBuilder(texts: texts, kinds: kinds)
    }

    private func roles() throws(TokenizerError) -> TokenRoles {
        var roles = TokenRoles()
        var template = PromptTemplate()
        try template.read(file.members["post_processor"]) { id in builder.kinds.indices.contains(id)
        }
        roles.promptPrefix = template.prefix.map { TokenID(UInt32($0)) }
        roles.promptSuffix = template.suffix.map { TokenID(UInt32($0)) }
        func first(_ names: [String]) -> TokenID? {
            names.lazy.compactMap { builder.find($0) }.first.map { TokenID(UInt32($0)) }
        }
        roles.bos = roles.promptPrefix.first ?? first(TokenRoles.beginNames)
        roles.eos =
            roles.promptSuffix.last
            ?? first(["</s>", "<eos>", "<|end_of_text|>", "<|endoftext|>", "<｜end▁of▁sentence｜>"])
        var ends = TokenRoles.endTokens { builder.find($0) }.map { TokenID(UInt32($0)) }
        if let eos = roles.eos { ends.append(eos) }
        roles.endOfGeneration = Set(ends)
        roles.fill = FillTokens(named: [:]) { builder.find($0) }
        return roles
    }
}
