import Identifiers
import Scheduling
import Tokenization

/// One request while it is answered: what was generated, the text it makes, and when to stop.
struct Generation {
    let index: Int
    let prompt: [TokenID]
    let parameters: SamplingParameters
    let seed: UInt64
    let endTokens: Set<TokenID>

    var tokens: [TokenID] = []
    var text = ""
    var stopString: String?
    var logprobs: [TokenLogprob]?
    var submitted: Duration
    var started: Duration?
    var firstToken: Duration?

    private var detokenizer: StreamingDetokenizer
    private var stops: StopMatcher

    init(index: Int, _ request: GenerationRequest, tokenizer: Tokenizer, now: Duration) {
        self.index = index
        prompt = request.prompt
        parameters = request.parameters
        seed = request.parameters.seed ?? .random(in: .min ... .max)
        var ends = parameters.stopTokens
        if !parameters.ignoreEOS { ends.formUnion(tokenizer.endOfGeneration) }
        endTokens = ends
        logprobs = parameters.logprobs == nil ? nil : []
        submitted = now
        // After text, a space at the beginning of the answer is part of it.
        let continues = prompt.contains { !tokenizer.isSpecial($0) }
        detokenizer = tokenizer.makeDetokenizer(skipSpecial: true, continuing: continues)
        stops = StopMatcher(parameters.stop)
    }

    /// Chooses the next token from its logits.
    mutating func sample(
        _ logits: Span<Float>, with sampler: inout Sampler
    ) throws(EngineError) -> TokenID {
        let position = prompt.count + tokens.count
        let token = try sampler.sample(logits, parameters, seed: seed, position: position)
        if let count = parameters.logprobs {
            let softmax = try LogSoftmax(logits, position: position)
            logprobs?.append(softmax.report(token, top: count, of: logits))
        }
        return token
    }

    /// Takes a token in: its text, and whether it ends the request.
    mutating func accept(_ token: TokenID) -> GenerationDelta {
        tokens.append(token)
        guard !endTokens.contains(token) else {
            return GenerationDelta(index: index, text: "", token: token, finishReason: .stop)
        }
        let piece = stops.append(detokenizer.append(token))
        text += piece.text
        stopString = piece.stop
        return GenerationDelta(
            index: index, text: piece.text, token: token,
            finishReason: piece.stop == nil ? nil : .stop)
    }

    /// The text that was held back and will not be part of a stop string after all.
    mutating func flush() -> String {
        guard stopString == nil else { return "" }
        let piece = stops.append(detokenizer.finish())
        stopString = piece.stop
        let rest = piece.text + (piece.stop == nil ? stops.finish() : "")
        text += rest
        return rest
    }

    /// The answer, whatever there is of it.
    func completion(_ reason: FinishReason, now: Duration) -> Completion {
        let start = started ?? now
        let first = firstToken ?? now
        return Completion(
            promptTokens: prompt, tokens: tokens, text: text, finishReason: reason,
            stopString: stopString, logprobs: logprobs, seed: seed,
            timings: .init(
                queued: start - submitted, prefill: first - start, decode: now - first))
    }
}
