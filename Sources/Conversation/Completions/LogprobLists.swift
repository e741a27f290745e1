import QuireEngine
import QuireIdentifiers
import QuireJSON
import Tokenization

/// Writes the log probabilities of tokens that follow one another as the interface has them: four
/// lists of the same length.
struct LogprobLists {
    private var texts: LogprobTexts
    /// Where in the answer's text the next token begins, in scalars.
    var offset = 0
    private let tokenizer: Tokenizer
    private let skipsSpecial: Bool
    private let namesTokensByID: Bool

    /// The lists of a request's tokens, or nil where it asks for none.
    ///
    /// - Parameter prompt: what the first token follows.
    init?(_ request: CompletionRequest, after prompt: [TokenID], _ tokenizer: Tokenizer) {
        guard request.parameters.logprobs != nil || request.parameters.logprobTokens != nil else {
            return nil
        }
        texts = LogprobTexts(tokenizer: tokenizer, after: prompt)
        self.tokenizer = tokenizer
        skipsSpecial = request.parameters.skipSpecialTokens
        namesTokensByID = request.namesTokensByID
    }

    /// Writes the lists of further tokens.
    ///
    /// - Parameter entries: one for each token; nil for the first of a text.
    mutating func write(
        _ tokens: [TokenID], _ entries: [TokenLogprob?], to out: inout JSONWriter
    ) {
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
        out.array(zip(tokens, names)) { out, pair in
            out.integer(offset)
            // What is not in the text takes no room there.
            let isHidden = skipsSpecial && tokenizer.isSpecial(pair.0)
            offset += isHidden ? 0 : pair.1.unicodeScalars.count
        }
        out.endObject()
    }

    private func name(_ token: TokenID, _ text: String) -> String {
        namesTokensByID ? "token_id:\(token.rawValue)" : text
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

    /// JSON has no infinity: what is ruled out has this log probability, as in vLLM.
    private static let ruledOut = -9_999.0

    static func finite(_ logprob: Double) -> Double { max(logprob, ruledOut) }
}
