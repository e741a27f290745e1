import ModelFiles

extension GGUFTokenizerLoader {
    /// How symbols merge: by the file's merges, or by its scores.
    mutating func mergeModel(
        _ coding: VocabularyBuilder.Coding
    ) throws(TokenizerError) -> MergeModel {
        var result = MergeModel(
            symbols: coding == .byteAlphabet ? .bytes : .characters,
            merges: MergeTable(capacity: 0), byteTokens: builder.byteTokens(coding))
        if model == "llama" {
            result.priorities = try priorities()
        } else {
            result.merges = try merges()
        }
        if let unknown = try id("unknown_token_id"), coding == .escapedSpaces {
            result.unknown = UInt32(unknown)
        } else if model == "llama", builder.kinds.first == .unknown {
            result.unknown = 0
        }
        return result
    }

    private mutating func merges() throws(TokenizerError) -> MergeTable {
        let metadata = self.metadata
        let strings = try Self.reading { () throws(ModelFileError) in
            try metadata.strings(Self.key("merges"))
        }
        guard strings.count <= TokenizerLimits.merges else {
            throw TokenizerError(
                .tooLarge,
                "\(strings.count) merges; at most \(TokenizerLimits.merges) are read")
        }
        var table = MergeTable(capacity: strings.count)
        var unusable = 0
        for rank in 0..<strings.count {
            let merge = strings[rank]
            guard let space = Self.separator(merge) else {
                throw TokenizerError(
                    .badMerge, "merge \(rank), \(quoted(strings.text(rank))), is not a pair")
            }
            let left = merge.extracting(first: space)
            let right = merge.extracting(droppingFirst: space + 1)
            guard let leftID = builder.find(left), let rightID = builder.find(right),
                let id = builder.find(left, right)
            else {
                unusable += 1
                continue
            }
            table.insert(UInt32(leftID), UInt32(rightID), rank: UInt32(rank), id: UInt32(id))
        }
        if unusable > 0 {
            warn("\(unusable) of \(strings.count) merges name no tokens and are passed over")
        }
        return table
    }

    /// The first space after the first character: a token may begin with one.
    private static func separator(_ merge: Span<UInt8>) -> Int? {
        guard merge.count > 2 else { return nil }
        for index in 1..<merge.count - 1 where merge[index] == UInt8(ascii: " ") { return index }
        return nil
    }

    /// When each token is formed. Tokens that are no text (control, unknown, byte) never are, as in
    /// SentencePiece: `</s>` in a text is text and does not end it.
    private func priorities() throws(TokenizerError) -> [UInt32] {
        let metadata = self.metadata
        let scores = try Self.reading { () throws(ModelFileError) in
            try metadata.floats(ifPresent: Self.key("scores"))
        }
        let count = builder.texts.count
        if let scores, scores.count < count {
            throw TokenizerError(
                .badVocabulary, "there are \(scores.count) scores for \(count) tokens")
        }
        return (0..<count).map { id in
            switch builder.kinds[id] {
            case .control, .unknown, .byte: .max
            default: MergeModel.priority(score: scores?[id] ?? 0)
            }
        }
    }
}
