import QuireIdentifiers
import Scheduling
import Tokenization

/// One answer while it is made: what was generated, the text that it makes, and when to stop.
struct Generation {
    let index: Int
    let prompt: [TokenID]
    let parameters: SamplingParameters
    let seed: UInt64
    /// Tokens that it may have: what was asked for, within the longest context.
    let limit: Int

    /// Which of the request's answers this is.
    private(set) var branch: Int
    private(set) var tokens: [TokenID] = []
    private(set) var text = ""
    private(set) var stopReason: Completion.StopReason?
    private(set) var logprobs: [TokenLogprob]?
    /// The sum of the raw log probabilities of its tokens, where answers are ranked.
    private(set) var cumulativeLogprob: Double?
    private(set) var ended: FinishReason?
    /// When its last token was there.
    var lastTokenTime: Duration?

    /// The tokens of the model that end an answer.
    private let modelEnds: Set<TokenID>
    private let vocabularySize: Int
    /// The special tokens that stop strings are the names of.
    private let namedStops: [TokenID: String]
    /// Whether the most likely token is taken as it is, and nothing is reported of it.
    private let takesPeak: Bool
    /// Whether a token is one more and nothing else: without text, rules, or an end but the length.
    let countsOnly: Bool
    /// Whether a stop string was found in the text, which ends there.
    private var isCut = false
    private var rules: LogitRules?
    private var detokenizer: StreamingDetokenizer
    private var stops: StopMatcher

    /// A request that is taken up.
    ///
    /// - Throws: `EngineError.invalidParameters` for what only a tokenizer can tell.
    init(
        index: Int, _ request: GenerationRequest, tokenizer: Tokenizer, maxModelLength: Int,
        vocabularySize: Int
    ) throws(EngineError) {
        self.index = index
        branch = 0
        prompt = request.prompt
        parameters = request.parameters
        limit = min(parameters.maxTokens ?? .max, max(0, maxModelLength - prompt.count))
        seed = request.parameters.seed ?? .random(in: .min ... .max)
        modelEnds = parameters.ignoreEOS ? [] : tokenizer.endOfGeneration
        var named: [TokenID: String] = [:]
        for text in parameters.stop {
            if let token = tokenizer.specialToken(named: text) { named[token] = text }
        }
        namedStops = named
        rules = try LogitRules.make(
            parameters, prompt: prompt,
            ends: parameters.stopTokens.union(modelEnds).union(named.keys),
            tokenizer: tokenizer, constraint: request.constraint)
        self.vocabularySize = vocabularySize
        logprobs = parameters.reportsLogprobs ? [] : nil
        cumulativeLogprob = parameters.branches > parameters.n ? 0 : nil
        detokenizer = tokenizer.makeDetokenizer(
            skipSpecial: parameters.skipSpecialTokens, after: parameters.detokenize ? prompt : [])
        stops = StopMatcher(parameters.stop, included: parameters.includeStopString)
        takesPeak =
            parameters.isGreedy && rules == nil && logprobs == nil && cumulativeLogprob == nil
        countsOnly =
            takesPeak && !parameters.detokenize && modelEnds.isEmpty
            && parameters.stopTokens.isEmpty && named.isEmpty
            && parameters.repetitionDetection == nil
    }

    /// The same answer so far with another random stream.
    func copy(branch: Int) -> Generation {
        var copy = self
        copy.branch = branch
        return copy
    }

    /// Chooses the next token from its logits.
    mutating func sample(
        _ logits: Span<Float>, peak: LogitPeak?, with sampler: inout Sampler
    ) throws(EngineError) -> TokenID {
        let position = prompt.count + tokens.count
        if takesPeak, let peak { return try Sampler.checked(peak, position: position).token }
        let token = try sampler.sample(
            logits, peak: peak, parameters, rules: rules, generated: tokens, seed: seed,
            branch: UInt64(branch), position: position)
        if let report = try sampler.report(token, of: logits, parameters, position: position) {
            logprobs?.append(report)
        }
        if let sum = cumulativeLogprob {
            let softmax = try LogSoftmax(logits, position: position)
            cumulativeLogprob = sum + softmax(logits[Int(token.rawValue)])
        }
        return token
    }

    /// Takes a token in: its text, and whether it ends the answer.
    mutating func accept(_ token: TokenID) -> GenerationDelta {
        tokens.append(token)
        rules?.take(token)
        let piece = text(of: token)
        text += piece.text
        stopReason = piece.stop.map { .string($0) }
        isCut = piece.stop != nil
        var delta = GenerationDelta(
            index: index, choice: branch, text: piece.text, tokens: [token],
            logprobs: logprobs?.last.map { [$0] } ?? [])
        if let reason = reasonToEnd(token, hasStopped: piece.stop != nil) {
            delta.text += end(reason)
            delta.finishReason = reason
        }
        return delta
    }

    /// Takes in what was gathered of an answer whose tokens are that and nothing else.
    mutating func take(_ gathered: [TokenID]) {
        precondition(countsOnly && tokens.isEmpty, "the tokens may mean more")
        tokens = gathered
    }

    private mutating func reasonToEnd(_ token: TokenID, hasStopped: Bool) -> FinishReason? {
        if isEnd(token) {
            stopReason =
                modelEnds.contains(token)
                ? nil : namedStops[token].map { .string($0) } ?? .token(token)
            return .stop
        }
        if hasStopped || rules?.isOver(vocabularySize: vocabularySize) == true { return .stop }
        if tokens.count >= parameters.minTokens,
            parameters.repetitionDetection?.isMet(by: tokens) == true
        {
            stopReason = .repetition
            return .repetition
        }
        return tokens.count >= limit ? .length : nil
    }

    /// Whether a token ends an answer.
    func isEnd(_ token: TokenID) -> Bool {
        modelEnds.contains(token) || parameters.stopTokens.contains(token)
            || namedStops[token] != nil
    }

    /// The text that a token makes certain, and the stop string that it completes.
    private mutating func text(of token: TokenID) -> (text: String, stop: String?) {
        guard parameters.detokenize, !isEnd(token) || parameters.includeStopString else {
            return (text: "", stop: nil)
        }
        return stops.append(
            detokenizer.append(token), mayStop: tokens.count >= parameters.minTokens)
    }

    /// Ends it: the text that was held back and will not be part of a stop string after all.
    mutating func end(_ reason: FinishReason) -> String {
        precondition(ended == nil, "an answer ends once")
        ended = reason
        guard parameters.detokenize, !isCut else { return "" }
        let piece = stops.append(
            detokenizer.finish(), mayStop: tokens.count >= parameters.minTokens)
        var rest = piece.text + (piece.stop == nil ? stops.finish() : "")
        if let stop = piece.stop {
            stopReason = .string(stop)
        } else if parameters.includeStopString, case .string(let name) = stopReason {
            // A special token's, which the text does not show otherwise.
            rest += name
        }
        text += rest
        return rest
    }

    /// The answer, whatever there is of it.
    func completion(
        choice: Int, promptLogprobs: [TokenLogprob?]?, timeline: Timeline
    ) -> Completion {
        Completion(
            choice: choice, promptTokens: prompt, tokens: tokens, text: text,
            finishReason: ended ?? .cancelled, stopReason: stopReason, logprobs: logprobs,
            promptLogprobs: promptLogprobs, cumulativeLogprob: cumulativeLogprob, seed: seed,
            timeline: timeline)
    }
}
