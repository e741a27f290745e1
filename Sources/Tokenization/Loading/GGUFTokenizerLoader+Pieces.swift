import ModelFiles
import QuireIdentifiers

// The models that merge nothing.
extension GGUFTokenizerLoader {
    /// `t5`: SentencePiece's Unigram.
    mutating func loadUnigram() throws(TokenizerError) -> TokenizerParts {
        let metadata = self.metadata
        let scores = try Self.reading { () throws(ModelFileError) in
            try metadata.floats(Self.key("scores"))
        }
        guard scores.count >= builder.texts.count, scores.allSatisfy(\.isFinite) else {
            throw TokenizerError(
                .badVocabulary,
                "there are \(scores.count) scores, or not all finite, for"
                    + " \(builder.texts.count) tokens")
        }
        let unknown = builder.kinds.firstIndex(of: .unknown)
        let roles = try loadRoles(addsBOS: false, addsEOS: true)
        let model = try UnigramModel(
            sentencePiece: builder, kinds: builder.kinds,
            scores: Array(scores.prefix(builder.texts.count)),
            unknown: unknown.map { UInt32($0) } ?? MergeModel.noToken,
            byteTokens: builder.byteTokens(.escapedSpaces))
        var normalizer = SentencePieceNormalizer()
        normalizer.addsSpace = try bool("add_space_prefix") ?? false
        normalizer.dropsSpaces = try bool("remove_extra_whitespaces") ?? false
        normalizer.spaceIsSuffix = try bool("treat_whitespace_as_suffix") ?? false
        normalizer.escapesSpaces = try bool("escape_whitespaces") ?? true
        let charsmap = try Self.reading { () throws(ModelFileError) in
            try metadata.integers(ifPresent: Self.key("precompiled_charsmap"))
        }
        if let charsmap, !charsmap.isEmpty {
            normalizer.charsmap = try Charsmap(charsmap.map { UInt8(truncatingIfNeeded: $0) })
        }
        var parts = TokenizerParts(
            vocabulary: builder.vocabulary(.escapedSpaces), model: .unigram(model),
            preTokenizer: PreTokenizer(), roles: roles)
        parts.normalizer.steps = [.sentencePiece(normalizer)]
        parts.dropsLeadingSpace = normalizer.addsSpace || normalizer.dropsSpaces
        parts.dropsLeadingSpaces = normalizer.dropsSpaces
        // The likeliest way finds the tokens that users asked for, but for spaces, which it does
        // not see as such.
        parts.addedTokens = try addedTokens().filter { $0.isSpecial || $0.text.contains(0x20) }
        parts.warnings = warnings
        return parts
    }

    /// The token that the first of some keys names, or the one of a name.
    private mutating func token(
        _ keys: [String], _ name: String
    ) throws(TokenizerError) -> [TokenID] {
        for key in keys {
            if let id = try id(key) { return [TokenID(UInt32(id))] }
        }
        return builder.find(name).map { [TokenID(UInt32($0))] } ?? []
    }

    /// `bert`: WordPiece in small letters without accents. Files do not say whether a model tells
    /// capitals apart; llama.cpp writes all text in small letters, and so do the models that have
    /// been converted.
    mutating func loadWordPiece() throws(TokenizerError) -> TokenizerParts {
        let named = try id("unknown_token_id")
        guard let unknown = named ?? builder.find("[UNK]") else {
            throw TokenizerError(.badSpecialToken, "a WordPiece vocabulary needs an unknown token")
        }
        builder.kinds[unknown] = .unknown
        var roles = try loadRoles(addsBOS: false)
        roles.promptPrefix = try token(["cls_token_id", "bos_token_id"], "[CLS]")
        roles.promptSuffix = try token(["seperator_token_id", "eos_token_id"], "[SEP]")
        let longest = (0..<builder.texts.count).map { builder.texts.range($0).count }.max() ?? 0
        let model = WordPieceModel(
            wordPrefix: Normalizer.escapedSpace, continuingPrefix: [], unknown: UInt32(unknown),
            longestWord: 100, longest: min(longest, TokenizerLimits.specialTokenBytes))
        var parts = TokenizerParts(
            vocabulary: builder.vocabulary(
                .words(continuing: [], start: Normalizer.escapedSpace, cleansUp: true)),
            model: .wordPiece(model),
            preTokenizer: PreTokenizer(
                .pattern(try PatternSplit(.whitespace, .removed)), .punctuation), roles: roles)
        parts.normalizer = Normalizer(steps: [
            .clean, .spaceHan, .form(.decomposed), .dropMarks(all: false), .lowercase,
        ])
        parts.dropsLeadingSpace = true
        parts.addedTokens = try addedTokens()
        parts.warnings = warnings
        return parts
    }
}
