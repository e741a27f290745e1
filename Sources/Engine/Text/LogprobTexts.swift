package import QuireIdentifiers
package import Tokenization

/// The texts of the tokens that log probabilities are reported for, in their order.
///
/// A token may be a part of a character. The chosen ones are read one after another: the one that
/// completes a character has the whole of it, and those before it have none, so that their texts
/// make the answer's text. The others are read alone, and where their own bytes are no text, after
/// the chosen ones before them.
package struct LogprobTexts {
    private let tokenizer: Tokenizer
    private var detokenizer: StreamingDetokenizer

    /// The texts of tokens that follow a prompt.
    package init(tokenizer: Tokenizer, after prompt: [TokenID]) {
        self.tokenizer = tokenizer
        detokenizer = tokenizer.makeDetokenizer(skipSpecial: false, after: prompt)
    }

    /// The texts at the next place: of the chosen token and of others there.
    ///
    /// - Complexity: O(bytes of the tokens).
    package mutating func next(
        _ token: TokenID, top: some Sequence<TokenID>
    ) -> (token: String, top: [String]) {
        let others = top.map { text(of: $0) }
        return (detokenizer.append(token), others)
    }

    private func text(of token: TokenID) -> String {
        let bytes = tokenizer.bytes(of: token)
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        var copy = detokenizer
        return copy.append(token)
    }
}
