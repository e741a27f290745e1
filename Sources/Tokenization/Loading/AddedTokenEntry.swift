import QuireJSON

/// A member of `added_tokens` in a `tokenizer.json`.
struct AddedTokenEntry {
    let id: Int
    let content: String
    let isSpecial: Bool
    let isNormalized: Bool
    private let flags: [String: Bool]

    /// The list, or nothing where there is none.
    static func list(_ value: JSONValue?) throws(TokenizerError) -> [AddedTokenEntry] {
        guard let value, value != .null else { return [] }
        guard let elements = value.array else {
            throw TokenizerError(.badSpecialToken, "added_tokens is not a list")
        }
        var entries: [AddedTokenEntry] = []
        for element in elements { entries.append(try AddedTokenEntry(element)) }
        return entries
    }

    private init(_ value: JSONValue) throws(TokenizerError) {
        guard let content = value["content"]?.string, let id = value["id"]?.integer else {
            throw TokenizerError(.badSpecialToken, "an added token without a content and an id")
        }
        guard (0..<TokenizerLimits.vocabularyTokens).contains(id), !content.isEmpty else {
            throw TokenizerError(
                .badSpecialToken,
                "added token \(quoted(content)) with id \(id): it needs a text, and an id of 0 to"
                    + " \(TokenizerLimits.vocabularyTokens - 1)")
        }
        self.id = id
        self.content = content
        isSpecial = value["special"]?.bool ?? false
        isNormalized = value["normalized"]?.bool ?? !isSpecial
        flags = ["lstrip", "rstrip", "single_word"].reduce(into: [:]) {
            $0[$1] = value[$1]?.bool ?? false
        }
    }

    /// The token as it is looked for.
    func token(id: UInt32) -> AddedToken {
        AddedToken(
            id: id, text: Array(content.utf8), isSpecial: isSpecial,
            takesSpaceBefore: flags["lstrip"] ?? false, takesSpaceAfter: flags["rstrip"] ?? false,
            isWholeWord: flags["single_word"] ?? false)
    }
}
