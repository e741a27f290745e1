import QuireIdentifiers

/// How a prompt that is too long is shortened.
package struct PromptTruncation: Hashable, Sendable {
    /// Tokens to keep; -1: what the context has room for.
    package let tokens: Int
    /// Whether the last ones are kept.
    package let keepsEnd: Bool

    /// Reads `truncate_prompt_tokens` and `truncation_side`; nil: it is not shortened.
    init?(_ reader: inout MemberReader) throws(RequestError) {
        let side = try reader.word("truncation_side", as: Side.self) ?? .left
        guard let tokens = try reader.integer("truncate_prompt_tokens") else { return nil }
        guard tokens >= 1 || tokens == -1 else {
            throw reader.wrong(
                "truncate_prompt_tokens",
                "is \(tokens); it must be -1 (as many as there is room for) or at least 1")
        }
        self.tokens = tokens
        keepsEnd = side == .left
    }

    /// The side that is cut off.
    enum Side: String, CaseIterable {
        case left
        case right
    }

    /// What is left of a prompt.
    ///
    /// - Parameters:
    ///   - context: tokens of the longest sequence.
    ///   - answer: tokens that the answer is to have; nil: at least one.
    func cut(_ prompt: [TokenID], context: Int, answer: Int?) -> [TokenID] {
        let kept = tokens < 0 ? max(1, context - min(answer ?? 1, context)) : tokens
        return Array(keepsEnd ? prompt.suffix(kept) : prompt.prefix(kept))
    }
}
