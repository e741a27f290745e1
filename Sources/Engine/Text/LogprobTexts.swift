public import Identifiers
public import Tokenization

/// The texts of the tokens that log probabilities are reported for, in their order.
///
/// A token may be a part of a character. Where its own bytes are no text it is read after the
/// tokens before it: the one that completes a character has the whole of it, and those before it
/// have none. So the texts of the chosen tokens make the answer's text, and none has a replacement
/// character that the model did not mean.
public struct LogprobTexts {
    private let tokenizer: Tokenizer
    private var detokenizer: StreamingDetokenizer

    /// The texts of tokens that follow a prompt.
    public init(tokenizer: Tokenizer, after prompt: [TokenID]) {
        self.tokenizer = tokenizer
        let continues = prompt.contains { !tokenizer.isSpecial($0) }
        detokenizer = tokenizer.makeDetokenizer(skipSpecial: false, continuing: continues)
    }

    /// The texts at the next place: of the chosen token and of others there.
    ///
    /// - Complexity: O(bytes of the tokens).
    public mutating func next(
        _ token: TokenID, top: some Sequence<TokenID>
    ) -> (token: String, top: [String]) {
        let others = top.map { text(of: $0) }
        let own = text(of: token)
        _ = detokenizer.append(token)
        return (own, others)
    }

    private func text(of token: TokenID) -> String {
        let bytes = tokenizer.bytes(of: token)
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        var copy = detokenizer
        return copy.append(token)
    }
}
