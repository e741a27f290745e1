import QuireEngine
import QuireIdentifiers
import QuireJSON
import Tokenization

/// Log probabilities of prompts, as vLLM has them.
enum PromptLogprobs {
    /// Writes the log probabilities of a prompt: for each token but the first those of it and of
    /// the likeliest, by id.
    static func write(
        of completion: Completion, _ tokenizer: Tokenizer, to out: inout JSONWriter
    ) {
        var texts = LogprobTexts(tokenizer: tokenizer, after: [])
        let places = zip(completion.promptTokens, completion.promptLogprobs ?? [])
        out.array(Array(places)) { out, place in
            let (token, entry) = place
            let top = entry?.top ?? []
            let named = texts.next(token, top: top.map(\.token))
            guard let entry else { return out.null() }
            out.beginObject()
            write(entry.token, entry.logprob, rank: entry.rank, named.token, to: &out)
            for (rank, other) in top.enumerated() where other.token != entry.token {
                write(other.token, other.logprob, rank: rank + 1, named.top[rank], to: &out)
            }
            out.endObject()
        }
    }

    private static func write(
        _ token: TokenID, _ logprob: Double, rank: Int, _ text: String, to out: inout JSONWriter
    ) {
        out.key("\(token.rawValue)")
        out.beginObject()
        out.key("logprob")
        out.double(LogprobLists.finite(logprob))
        out.key("rank")
        out.integer(rank)
        out.key("decoded_token")
        out.string(text)
        out.endObject()
    }
}
