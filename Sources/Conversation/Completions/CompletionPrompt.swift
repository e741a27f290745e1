package import QuireIdentifiers
package import Tokenization

/// What a completion continues.
package enum CompletionPrompt: Hashable, Sendable {
    /// Text, to be tokenized with the model's own beginning.
    case text(String)
    /// Tokens, fed exactly as they are.
    case tokens([TokenID])

    /// The tokens to feed.
    package func tokens(_ tokenizer: Tokenizer, parseSpecial: Bool) -> [TokenID] {
        switch self {
        case .text(let text): tokenizer.encodePrompt(text, parseSpecial: parseSpecial)
        case .tokens(let tokens): tokens
        }
    }
}
