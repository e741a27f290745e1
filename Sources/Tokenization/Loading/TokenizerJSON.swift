import QuireJSON

/// A `tokenizer.json` as it stands, before anything in it is made sense of: the large lists flat,
/// the rest as trees.
struct TokenizerJSON {
    /// The texts of the vocabulary in the file's order, and the id of each.
    private(set) var texts = PieceList()
    private(set) var ids: [Int] = []
    /// The score of each text, where the vocabulary is a list of pairs.
    private(set) var scores: [Double] = []
    /// The merges, each as two strings.
    private(set) var merges = PieceList()
    /// The members of the model other than the lists.
    private(set) var model: [String: JSONValue] = [:]
    /// The other members of the file.
    private(set) var members: [String: JSONValue] = [:]

    init(_ bytes: [UInt8]) throws(TokenizerError) {
        do {
            var reader = JSONReader(bytes, path: "tokenizer.json")
            try read(&reader)
            try reader.finish()
        } catch let error as TokenizerError {
            throw error
        } catch {
            throw TokenizerError(.badFile, "\(error)")
        }
    }

    private mutating func read(_ reader: inout JSONReader) throws {
        try reader.beginObject()
        while let key = try reader.nextKey() {
            if key == "model", try reader.peek() == .object {
                try readModel(&reader)
            } else {
                members[key] = try reader.value()
            }
        }
    }

    private mutating func readModel(_ reader: inout JSONReader) throws {
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch (key, try reader.peek()) {
            case ("vocab", .object): try readVocabulary(&reader)
            case ("merges", .array): try readMerges(&reader)
            case ("vocab", .array): try readScoredVocabulary(&reader)
            default: model[key] = try reader.value()
            }
        }
    }

    private mutating func readVocabulary(_ reader: inout JSONReader) throws {
        texts = PieceList()
        ids = []
        try reader.beginObject()
        var text: [UInt8] = []
        while try reader.nextKey(into: &text) {
            texts.append(text)
            text.removeAll(keepingCapacity: true)
            let id = try reader.integer()
            guard (0..<TokenizerLimits.vocabularyTokens).contains(id) else {
                throw TokenizerError(
                    .tooLarge,
                    "token id \(id) is not within 0 to"
                        + " \(TokenizerLimits.vocabularyTokens - 1)")
            }
            ids.append(id)
            try VocabularyBuilder.check(tokens: ids.count, bytes: texts.bytes.count)
        }
    }

    /// A list of `[text, score]`, as Unigram has it.
    private mutating func readScoredVocabulary(_ reader: inout JSONReader) throws {
        (texts, ids, scores) = (PieceList(), [], [])
        var text: [UInt8] = []
        try reader.beginArray()
        while try reader.nextElement() {
            text.removeAll(keepingCapacity: true)
            var score: Double?
            try reader.beginArray()
            if try reader.nextElement() { try reader.string(into: &text) }
            if try reader.nextElement() { score = try reader.value().double }
            guard let score, score.isFinite, try !reader.nextElement() else {
                throw TokenizerError(
                    .badVocabulary, "token \(ids.count) is not a pair of a text and a score")
            }
            texts.append(text)
            scores.append(score)
            ids.append(ids.count)
            try VocabularyBuilder.check(tokens: ids.count, bytes: texts.bytes.count)
        }
    }

    private mutating func readMerges(_ reader: inout JSONReader) throws {
        merges = PieceList()
        var text: [UInt8] = []
        try reader.beginArray()
        while try reader.nextElement() {
            if merges.count >= 2 * TokenizerLimits.merges {
                throw TokenizerError(
                    .tooLarge, "more than \(TokenizerLimits.merges) merges")
            }
            if try reader.peek() == .array {
                try readMergePair(&reader, &text)
                continue
            }
            text.removeAll(keepingCapacity: true)
            try reader.string(into: &text)
            let parts = text.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
            guard parts.count == 2 else { throw badMerge(text) }
            for part in parts { merges.append(part) }
        }
    }

    private mutating func readMergePair(_ reader: inout JSONReader, _ text: inout [UInt8]) throws {
        try reader.beginArray()
        var parts = 0
        while try reader.nextElement() {
            text.removeAll(keepingCapacity: true)
            try reader.string(into: &text)
            merges.append(text)
            parts += 1
        }
        guard parts == 2 else { throw badMerge(text) }
    }

    private func badMerge(_ text: [UInt8]) -> TokenizerError {
        TokenizerError(
            .badMerge,
            "merge \(merges.count / 2), \(quoted(String(decoding: text, as: UTF8.self))),"
                + " is not a pair of tokens")
    }
}
