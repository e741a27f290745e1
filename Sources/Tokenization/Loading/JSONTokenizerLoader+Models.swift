import QuireJSON

// The `model` of a `tokenizer.json`.
extension JSONTokenizerLoader {
    /// The type of the model; what would change its tokens and is not implemented is refused.
    static func kind(_ file: TokenizerJSON) throws(TokenizerError) -> Kind {
        let type = file.model["type"]?.string ?? (file.model["type"] == nil ? "BPE" : "?")
        guard let kind = Kind(rawValue: type) else {
            throw TokenizerError(
                .unsupportedModel,
                "tokenizer model \(quoted(type)) is not supported; BPE, Unigram and WordPiece are")
        }
        guard (kind == .unigram) == !file.scores.isEmpty || file.ids.isEmpty else {
            throw TokenizerError(
                .badVocabulary, "the vocabulary of a \(type) model is of the wrong form")
        }
        let affixes =
            kind == .merging ? ["continuing_subword_prefix", "end_of_word_suffix"] : []
        for name in affixes {
            if let value = file.model[name]?.string, !value.isEmpty {
                throw TokenizerError(.unsupportedModel, "\(name) \(quoted(value)) is not supported")
            }
        }
        if let dropout = file.model["dropout"]?.double, dropout != 0 {
            throw TokenizerError(.unsupportedModel, "dropout \(dropout) is not supported")
        }
        return kind
    }

    /// How the texts of tokens stand for bytes.
    func coding(isByteLevel: Bool, _ decoder: Decoder) -> VocabularyBuilder.Coding {
        if kind == .wordPiece {
            let (prefix, cleansUp) = decoder.wordPiece ?? (continuingPrefix, true)
            return .words(continuing: Array(prefix.utf8), start: [], cleansUp: cleansUp)
        }
        return isByteLevel ? .byteAlphabet : .escapedSpaces
    }

    private var continuingPrefix: String {
        file.model["continuing_subword_prefix"]?.string ?? "##"
    }

    mutating func model(_ coding: VocabularyBuilder.Coding) throws(TokenizerError) -> PieceModel {
        switch kind {
        case .merging: .merging(try mergeModel(coding))
        case .unigram: .unigram(try unigramModel())
        case .wordPiece: .wordPiece(try wordPieceModel())
        }
    }

    private mutating func unigramModel() throws(TokenizerError) -> UnigramModel {
        var unknown = MergeModel.noToken
        if let value = file.model["unk_id"], value != .null {
            guard let id = value.integer, file.ids.indices.contains(id) else {
                throw TokenizerError(
                    .badSpecialToken, "unk_id is not a token of the vocabulary")
            }
            unknown = UInt32(id)
            if builder.kinds[id] == .normal { builder.kinds[id] = .unknown }
        }
        let fallsBack = file.model["byte_fallback"]?.bool ?? false
        if fallsBack {
            for id in builder.kinds.indices
            where builder.kinds[id] == .normal && builder.byte(ofToken: id) != nil {
                builder.kinds[id] = .byte
            }
        }
        let count = file.scores.count
        let kinds = builder.kinds
        return try UnigramModel(
            scores: kinds.indices.map { $0 < count ? file.scores[$0] : 0 },
            lowest: file.scores.min() ?? 0, texts: builder.texts, unknown: unknown,
            byteTokens: fallsBack
                ? builder.byteTokens(.escapedSpaces)
                : Array(repeating: MergeModel.noToken, count: 256),
            isSinglePrecision: false
        ) { $0 < count && [.normal, .userDefined].contains(kinds[$0]) }
    }

    private func wordPieceModel() throws(TokenizerError) -> WordPieceModel {
        guard let unknown = try unknownToken() else {
            throw TokenizerError(.badSpecialToken, "a WordPiece model needs an unk_token")
        }
        let longest = (0..<builder.texts.count).map { builder.texts.range($0).count }.max() ?? 0
        return WordPieceModel(
            wordPrefix: [], continuingPrefix: Array(continuingPrefix.utf8), unknown: unknown,
            longestWord: file.model["max_input_chars_per_word"]?.integer ?? 100,
            longest: min(longest, TokenizerLimits.specialTokenBytes))
    }

    /// The token of text that has none.
    private func unknownToken() throws(TokenizerError) -> UInt32? {
        guard let name = file.model["unk_token"]?.string else { return nil }
        guard let id = builder.find(name) else {
            throw TokenizerError(
                .badSpecialToken, "the unknown token \(quoted(name)) is not in the vocabulary")
        }
        return UInt32(id)
    }

    private func mergeModel(
        _ coding: VocabularyBuilder.Coding
    ) throws(TokenizerError) -> MergeModel {
        let fallsBack = file.model["byte_fallback"]?.bool ?? false
        var result = MergeModel(
            symbols: coding == .byteAlphabet ? .bytes : .characters,
            merges: try merges(),
            byteTokens: coding == .byteAlphabet || fallsBack
                ? builder.byteTokens(coding)
                : Array(repeating: MergeModel.noToken, count: 256))
        result.fusesUnknown = file.model["fuse_unk"]?.bool ?? false
        result.ignoresMerges = file.model["ignore_merges"]?.bool ?? false
        if let unknown = try unknownToken() { result.unknown = unknown }
        return result
    }

    private func merges() throws(TokenizerError) -> MergeTable {
        var table = MergeTable(capacity: file.merges.count / 2)
        for rank in 0..<file.merges.count / 2 {
            let left = file.merges[2 * rank]
            let right = file.merges[2 * rank + 1]
            guard !left.isEmpty, !right.isEmpty, let leftID = builder.find(left),
                let rightID = builder.find(right), let id = builder.find(left, right)
            else {
                let pair = [file.merges.slice(2 * rank), file.merges.slice(2 * rank + 1)]
                let text = quoted(
                    String(decoding: Array(pair.joined(separator: [0x20])), as: UTF8.self))
                throw TokenizerError(
                    .badMerge, "merge \(rank), \(text), is not of tokens of the vocabulary")
            }
            table.insert(UInt32(leftID), UInt32(rightID), rank: UInt32(rank), id: UInt32(id))
        }
        return table
    }
}
