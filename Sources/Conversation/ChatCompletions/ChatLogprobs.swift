import QuireEngine
import QuireIdentifiers
import QuireJSON
import Tokenization

/// Writes the log probabilities of tokens that follow one another as chat completions have them:
/// an object for each token.
struct ChatLogprobs {
    private var texts: LogprobTexts
    private let tokenizer: Tokenizer
    private let namesTokensByID: Bool

    /// Those of an answer, or nil where the request asks for none.
    ///
    /// - Parameter prompt: what the first token follows.
    init?(_ request: ChatRequest, after prompt: [TokenID], _ tokenizer: Tokenizer) {
        guard request.parameters.reportsLogprobs else { return nil }
        texts = LogprobTexts(tokenizer: tokenizer, after: prompt)
        self.tokenizer = tokenizer
        namesTokensByID = request.namesTokensByID
    }

    /// Writes the list of further tokens.
    mutating func write(_ entries: [TokenLogprob], to out: inout JSONWriter) {
        out.beginArray()
        for entry in entries {
            let named = texts.next(entry.token, top: entry.top.map(\.token))
            out.beginObject()
            write(entry.token, named.token, entry.logprob, to: &out)
            out.key("top_logprobs")
            out.array(zip(entry.top, named.top)) { out, other in
                out.beginObject()
                write(other.0.token, other.1, other.0.logprob, to: &out)
                out.endObject()
            }
            out.endObject()
        }
        out.endArray()
    }

    private func write(
        _ token: TokenID, _ text: String, _ logprob: Double, to out: inout JSONWriter
    ) {
        out.key("token")
        out.string(namesTokensByID ? "token_id:\(token.rawValue)" : text)
        out.key("logprob")
        out.double(LogprobLists.finite(logprob))
        out.key("bytes")
        out.array(tokenizer.bytes(of: token)) { $0.integer($1) }
    }
}
