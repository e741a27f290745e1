import QuireEngine
import QuireIdentifiers
import Tokenization

/// The text of a prompt before that of its answer, in whatever pieces the answer comes.
///
/// A prompt of tokens may end inside of a character. If the answer goes on with it, the whole
/// character is in the answer's text, and otherwise U+FFFD stands for it here.
struct EchoedPrompt {
    private var text: String
    private var rest = ""
    private var answer: StreamingDetokenizer

    /// The text of a prompt that was fed as `tokens`.
    init(
        _ request: CompletionRequest, prompt: CompletionPrompt, tokens: [TokenID],
        _ tokenizer: Tokenizer
    ) {
        answer = tokenizer.makeDetokenizer(
            skipSpecial: request.parameters.skipSpecialTokens, after: tokens)
        // A prompt that was shortened is what is left of it.
        if case .text(let text) = prompt, request.truncation == nil {
            self.text = text
            return
        }
        var detokenizer = tokenizer.makeDetokenizer()
        text = tokens.map { detokenizer.append($0) }.joined()
        rest = detokenizer.finish()
    }

    /// What comes before a piece of the answer's text.
    ///
    /// - Parameters:
    ///   - piece: the piece.
    ///   - tokens: the answer's tokens since the piece before.
    ///   - isLast: whether no other follows.
    mutating func before(_ piece: String, tokens: [TokenID], isLast: Bool) -> String {
        defer { text = "" }
        guard !rest.isEmpty else { return text }
        for token in tokens { _ = answer.append(token) }
        guard !piece.isEmpty || isLast else { return text }
        defer { rest = "" }
        return answer.joinsPrompt && !piece.isEmpty ? text : text + rest
    }
}
