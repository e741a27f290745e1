import Identifiers
import Scheduling
import Tokenization

/// One request while it is answered: what was generated, the text it makes, and when to stop.
struct Generation {
    let index: Int
    let prompt: [TokenID]
    let parameters: SamplingParameters
    let seed: UInt64
    /// Which of the request's answers this is.
    let branch: UInt64

    var tokens: [TokenID] = []
    var text = ""
    var stopReason: Completion.StopReason?
    var logprobs: [TokenLogprob]?
    var submitted: Duration
    var started: Duration?
    var firstToken: Duration?

    /// The tokens of the model that end an answer.
    private let modelEnds: Set<TokenID>
    private var rules: LogitRules?
    private var detokenizer: StreamingDetokenizer
    private var stops: StopMatcher

    /// A request that is taken up.
    ///
    /// - Throws: `EngineError.invalidParameters` for what only a tokenizer can tell.
    init(
        index: Int, _ request: GenerationRequest, tokenizer: Tokenizer, branch: UInt64 = 0,
        now: Duration
    ) throws(EngineError) {
        self.index = index
        self.branch = branch
        prompt = request.prompt
        parameters = request.parameters
        seed = request.parameters.seed ?? .random(in: .min ... .max)
        modelEnds = parameters.ignoreEOS ? [] : tokenizer.endOfGeneration
        rules = try LogitRules.make(
            parameters, prompt: prompt, ends: parameters.stopTokens.union(modelEnds),
            tokenizer: tokenizer)
        logprobs = parameters.reportsLogprobs ? [] : nil
        submitted = now
        // After text, a space at the beginning of the answer is part of it.
        let continues = prompt.contains { !tokenizer.isSpecial($0) }
        detokenizer = tokenizer.makeDetokenizer(
            skipSpecial: parameters.skipSpecialTokens, continuing: continues)
        stops = StopMatcher(parameters.stop, included: parameters.includeStopString)
    }

    /// Chooses the next token from its logits.
    mutating func sample(
        _ logits: Span<Float>, with sampler: inout Sampler
    ) throws(EngineError) -> TokenID {
        let position = prompt.count + tokens.count
        let token = try sampler.sample(
            logits, parameters, rules: rules, generated: tokens, seed: seed, branch: branch,
            position: position)
        if let report = try sampler.report(token, of: logits, parameters, position: position) {
            logprobs?.append(report)
        }
        return token
    }

    /// Takes a token in: its text, and whether it ends the request.
    mutating func accept(_ token: TokenID) -> GenerationDelta {
        tokens.append(token)
        rules?.take(token)
        let piece = text(of: token)
        text += piece.text
        stopReason = piece.stop.map { .string($0) }
        var reason: FinishReason? = piece.stop == nil ? nil : .stop
        if isEnd(token) {
            reason = .stop
            stopReason = modelEnds.contains(token) ? nil : .token(token)
        } else if reason == nil, tokens.count >= parameters.minTokens,
            parameters.repetitionDetection?.isMet(by: tokens) == true
        {
            reason = .repetition
            stopReason = .repetition
        }
        return GenerationDelta(
            index: index, text: piece.text, token: token, finishReason: reason)
    }

    private func isEnd(_ token: TokenID) -> Bool {
        modelEnds.contains(token) || parameters.stopTokens.contains(token)
    }

    /// The text that a token makes certain, and the stop string that it completes.
    private mutating func text(of token: TokenID) -> (text: String, stop: String?) {
        guard parameters.detokenize, !isEnd(token) || parameters.includeStopString else {
            return (text: "", stop: nil)
        }
        return stops.append(
            detokenizer.append(token), mayStop: tokens.count >= parameters.minTokens)
    }

    /// The text that was held back and will not be part of a stop string after all.
    mutating func flush() -> String {
        guard stopString == nil, parameters.detokenize else { return "" }
        let piece = stops.append(
            detokenizer.finish(), mayStop: tokens.count >= parameters.minTokens)
        let rest = piece.text + (piece.stop == nil ? stops.finish() : "")
        if let stop = piece.stop { stopReason = .string(stop) }
        text += rest
        return rest
    }

    private var stopString: String? {
        guard case .string(let text) = stopReason else { return nil }
        return text
    }

    /// The answer, whatever there is of it.
    func completion(_ reason: FinishReason, now: Duration) -> Completion {
        let start = started ?? now
        let first = firstToken ?? now
        return Completion(
            promptTokens: prompt, tokens: tokens, text: text, finishReason: reason,
            stopReason: stopReason, logprobs: logprobs, seed: seed,
            timings: .init(
                queued: start - submitted, prefill: first - start, decode: now - first))
    }
}
