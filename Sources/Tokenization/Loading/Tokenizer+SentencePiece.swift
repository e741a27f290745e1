package import ModelFiles
import QuireIdentifiers

extension Tokenizer {
    /// The tokenizer in a `tokenizer.model`, and the tokens that other files add to it.
    ///
    /// BPE and Unigram are read; a text becomes the tokens that the package `sentencepiece` gives.
    ///
    /// - Throws: `badFile` for what is no model of SentencePiece, and for models of words or
    ///   characters, by name.
    package init(
        sentencePiece bytes: [UInt8], _ tokens: HubTokens = HubTokens()
    ) throws(TokenizerError) {
        let loader = try SentencePieceLoader(bytes, tokens)
        self.init(try loader.load(tokens))
    }
}

/// Makes sense of a `tokenizer.model`.
struct SentencePieceLoader {
    private let bytes: [UInt8]
    private let file: SentencePieceFile
    private var builder: VocabularyBuilder
    /// Tokens that other files add.
    private var added: [AddedToken] = []

    init(_ bytes: [UInt8], _ tokens: HubTokens) throws(TokenizerError) {
        self.bytes = bytes
        file = try SentencePieceFile(bytes)
        guard (1...2).contains(file.trainer.kind) else {
            throw TokenizerError(
                .unsupportedModel,
                "a tokenizer.model of the type \(file.trainer.kind) is not supported;"
                    + " 1 (Unigram) and 2 (BPE) are")
        }
        guard file.denormalizer.charsmap == nil else {
            throw TokenizerError(
                .unsupportedStep, "a tokenizer.model with a denormalizer is not supported")
        }
        guard file.trainer.kind == 1 || !file.kinds.contains(.unused) else {
            throw TokenizerError(
                .unsupportedModel, "a tokenizer.model of BPE with unused pieces is not supported")
        }
        var texts = file.texts
        var kinds = file.kinds
        let entries = try AddedTokenEntry.list(tokens.added)
        for entry in entries.sorted(by: { $0.id < $1.id }) where entry.id >= file.kinds.count {
            guard entry.id < 2 * texts.count + 4096 else {
                throw TokenizerError(
                    .badSpecialToken,
                    "added token \(quoted(entry.content)) has the id \(entry.id), far beyond the"
                        + " vocabulary's \(file.kinds.count)")
            }
            guard entry.id >= texts.count else {
                throw TokenizerError(
                    .badSpecialToken,
                    "added token \(quoted(entry.content)) has the id \(entry.id) of another token")
            }
            while texts.count < entry.id {
                texts.append([])
                kinds.append(.unused)
            }
            texts.append(entry.content.utf8)
            kinds.append(entry.isSpecial ? .control : .userDefined)
        }
        builder = try VocabularyBuilder(texts: texts, kinds: kinds)
        for entry in entries {
            guard let id = builder.find(entry.content) else { continue }
            if entry.isSpecial { builder.kinds[id] = .control }
            added.append(entry.token(id: UInt32(id)))
        }
    }

    func load(_ tokens: HubTokens) throws(TokenizerError) -> TokenizerParts {
        let isUnigram = file.trainer.kind == 1
        var parts = TokenizerParts(
            vocabulary: builder.vocabulary(.pieces),
            model: try isUnigram ? .unigram(unigram()) : .merging(merging()),
            preTokenizer: PreTokenizer())
        let rules = file.normalizer
        let kept = builder.kinds.indices.filter { file.kinds.indices.contains($0) }
            .filter { file.kinds[$0] == .userDefined }
        let normalizer = SentencePieceNormalizer(
            charsmap: try rules.charsmap.map { range throws(TokenizerError) in
                try Charsmap(Array(bytes[range]))
            },
            addsSpace: rules.addsSpace, spaceIsSuffix: file.trainer.spaceIsSuffix,
            dropsSpaces: rules.dropsSpaces, escapesSpaces: rules.escapesSpaces,
            kept: KeptTexts(kept.map { Array(builder.texts.slice($0)) }))
        parts.normalizer.steps = [.sentencePiece(normalizer)]
        if !isUnigram {
            parts.preTokenizer.rules = [.escapedWords(unless: builder.bytesBeforeSpaces)]
        }
        let addedIDs = Set(added.map(\.id))
        parts.addedTokens = added
        for id in builder.kinds.indices where !addedIDs.contains(UInt32(id)) {
            let text = Array(builder.texts.slice(id))
            switch builder.kinds[id] {
            case .control, .unknown:
                parts.addedTokens.append(AddedToken(id: UInt32(id), text: text, isSpecial: true))
            case .userDefined where !isUnigram || id >= file.kinds.count:
                parts.normalizedTokens.append(
                    AddedToken(id: UInt32(id), text: text, isSpecial: false))
            default: break
            }
        }
        parts.dropsLeadingSpace = rules.addsSpace || rules.dropsSpaces
        parts.dropsLeadingSpaces = rules.dropsSpaces
        parts.roles = roles()
        if isUnigram {
            parts.roles.promptSuffix = parts.roles.eos.map { [$0] } ?? []
        } else {
            parts.roles.promptPrefix = parts.roles.bos.map { [$0] } ?? []
        }
        try parts.take(tokens, builder)
        return parts
    }

    private func roles() -> TokenRoles {
        func token(_ id: Int) -> TokenID? {
            file.kinds.indices.contains(id) ? TokenID(UInt32(id)) : nil
        }
        var roles = TokenRoles()
        roles.bos = token(file.trainer.bos)
        roles.eos = token(file.trainer.eos)
        let ends = TokenRoles.endTokens { builder.find($0) }.map { TokenID(UInt32($0)) }
        roles.endOfGeneration = Set(ends + (roles.eos.map { [$0] } ?? []))
        roles.fill = FillTokens(named: [:]) { builder.find($0) }
        return roles
    }

    private var unknown: UInt32 {
        file.kinds.firstIndex(of: .unknown).map { UInt32($0) } ?? MergeModel.noToken
    }

    private var byteTokens: [UInt32] {
        file.trainer.byteFallback
            ? builder.byteTokens(.escapedSpaces)
            : Array(repeating: MergeModel.noToken, count: 256)
    }

    private func merging() -> MergeModel {
        var model = MergeModel(
            symbols: .characters, merges: MergeTable(capacity: 0), byteTokens: byteTokens)
        model.unknown = unknown
        model.priorities = builder.kinds.indices.map { id in
            let isText = [.normal, .userDefined].contains(builder.kinds[id])
            return isText && id < file.kinds.count
                ? MergeModel.priority(score: file.scores[id]) : .max
        }
        return model
    }

    private func unigram() throws(TokenizerError) -> UnigramModel {
        try UnigramModel(
            sentencePiece: builder, kinds: file.kinds, scores: file.scores, unknown: unknown,
            byteTokens: byteTokens)
    }
}

extension UnigramModel {
    /// The model of SentencePiece's pieces, which may be fewer than the tokens.
    init(
        sentencePiece builder: VocabularyBuilder, kinds: [TokenKind], scores: [Float],
        unknown: UInt32, byteTokens: [UInt32]
    ) throws(TokenizerError) {
        let normal = kinds.indices.filter { kinds[$0] == .normal }
        let lowest = normal.map { scores[$0] }.min() ?? 0
        let all = builder.kinds.indices.map { id -> Double in
            guard id < kinds.count else { return 0 }
            // A token that users asked for is likelier than what could stand in its place: as
            // measured of sentencepiece 0.2.3, whatever its score in the file.
            let bytes = builder.texts.range(id).count
            return Double(kinds[id] == .userDefined ? 0.1 * Float(bytes - 1) : scores[id])
        }
        try self.init(
            scores: all, lowest: Double(lowest), texts: builder.texts, unknown: unknown,
            byteTokens: byteTokens, isSinglePrecision: true
        ) { id in
            id < kinds.count && [.normal, .userDefined].contains(builder.kinds[id])
        }
    }
}
