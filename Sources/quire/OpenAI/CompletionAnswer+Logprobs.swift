import QuireEngine
import QuireIdentifiers
import QuireJSON
import Tokenization

extension CompletionAnswer {
    /// JSON has no infinity: what is ruled out has this log probability, as in vLLM.
    private static let ruledOut = -9_999.0

    /// Writes the log probabilities of an answer, and with `echo` of its prompt before it, as
    /// four lists of the same length; `null` where none were asked for.
    func writeLogprobs(of completion: Completion, to out: inout JSONWriter) {
        guard body.parameters.logprobs != nil || body.parameters.logprobTokens != nil else {
            return out.null()
        }
        var tokens = completion.tokens
        var entries: [TokenLogprob?] = completion.logprobs ?? []
        if body.echo {
            tokens = completion.promptTokens + tokens
            entries = (completion.promptLogprobs ?? []) + entries
        }
        var texts = LogprobTexts(
            tokenizer: tokenizer, after: body.echo ? [] : completion.promptTokens)
        var names: [String] = []
        var tops: [[(name: String, logprob: Double)]?] = []
        for (token, entry) in zip(tokens, entries) {
            let top = entry?.top ?? []
            let place = texts.next(token, top: top.map(\.token))
            names.append(name(token, place.token))
            var pairs = zip(top, place.top).map { (name($0.token, $1), $0.logprob) }
            if let entry { pairs.append((name(token, place.token), entry.logprob)) }
            tops.append(entry == nil ? nil : pairs)
        }
        out.beginObject()
        out.key("tokens")
        out.array(names) { $0.string($1) }
        out.key("token_logprobs")
        out.array(entries) { out, entry in
            if let entry { out.double(Self.finite(entry.logprob)) } else { out.null() }
        }
        out.key("top_logprobs")
        out.array(tops) { out, pairs in Self.write(pairs, to: &out) }
        out.key("text_offset")
        var offset = 0
        out.array(zip(tokens, names)) { out, pair in
            out.integer(offset)
            // What is not in the text takes no room there.
            let isHidden = body.parameters.skipSpecialTokens && tokenizer.isSpecial(pair.0)
            offset += isHidden ? 0 : pair.1.unicodeScalars.count
        }
        out.endObject()
    }

    /// Writes the log probabilities of a prompt: for each token but the first those of it and of
    /// the likeliest, by id.
    func writePromptLogprobs(of completion: Completion, to out: inout JSONWriter) {
        var texts = LogprobTexts(tokenizer: tokenizer, after: [])
        let places = zip(completion.promptTokens, completion.promptLogprobs ?? [])
        out.array(Array(places)) { out, place in
            let (token, entry) = place
            let top = entry?.top ?? []
            let named = texts.next(token, top: top.map(\.token))
            guard let entry else { return out.null() }
            out.beginObject()
            Self.write(entry.token, entry.logprob, rank: entry.rank, named.token, to: &out)
            for (rank, other) in top.enumerated() where other.token != entry.token {
                Self.write(other.token, other.logprob, rank: rank + 1, named.top[rank], to: &out)
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
        out.double(finite(logprob))
        out.key("rank")
        out.integer(rank)
        out.key("decoded_token")
        out.string(text)
        out.endObject()
    }

    /// An object from names to log probabilities; of equal names the first, which is likelier.
    private static func write(
        _ pairs: [(name: String, logprob: Double)]?, to out: inout JSONWriter
    ) {
        guard let pairs else { return out.null() }
        var written: Set<String> = []
        out.beginObject()
        for (name, logprob) in pairs where written.insert(name).inserted {
            out.key(name)
            out.double(finite(logprob))
        }
        out.endObject()
    }

    private func name(_ token: TokenID, _ text: String) -> String {
        body.namesTokensByID ? "token_id:\(token.rawValue)" : text
    }

    private static func finite(_ logprob: Double) -> Double { max(logprob, ruledOut) }
}
