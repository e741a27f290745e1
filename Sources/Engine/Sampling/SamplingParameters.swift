public import QuireIdentifiers

/// How tokens are chosen and when a request ends.
///
/// What is usual is in `init`; all else is set afterwards:
///
///     var parameters = SamplingParameters(temperature: 0.8, maxTokens: 100, seed: 1)
///     parameters.presencePenalty = 0.5
///
/// Names and meanings are those of the OpenAI interface and of vLLM's additions to it. Two
/// defaults differ from vLLM's: its `temperature` is 1 and its `max_tokens` 16, here they are 0
/// (greedy) and what the context has room for.
public struct SamplingParameters: Hashable, Sendable {
    /// Answers to give to the prompt, each drawn on its own.
    public var n = 1

    /// Answers to draw, of which the `n` with the highest cumulative log probability are given;
    /// nil: `n`.
    public var bestOf: Int?

    /// Tokens to generate at most, within what the context has room for; nil: that many. With 0
    /// the prompt is computed and nothing generated: for its log probabilities.
    public var maxTokens: Int?

    /// Tokens to generate before anything but `maxTokens` and the context may end the request:
    /// until then the tokens that would end it cannot be drawn, and stop strings are not looked
    /// for.
    public var minTokens = 0

    /// What the logits are divided by: 0 always takes the most likely token, 1 samples from the
    /// model's own distribution. Below `EngineLimits.greedyTemperature` it is 0, and below
    /// `EngineLimits.lowestTemperature` it is that.
    public var temperature: Double

    /// Samples among the `topK` most likely tokens; 0 and -1: among all.
    public var topK: Int

    /// Samples among the fewest most likely tokens whose probabilities add up to `topP`; 1: among
    /// all.
    public var topP: Double

    /// Samples among the tokens at least `minP` times as likely as the most likely one; 0: all.
    public var minP: Double

    /// Taken off the logits of tokens that the answer has already; negative: added.
    public var presencePenalty = 0.0

    /// Taken off the logit of a token once for each time that the answer has it.
    public var frequencyPenalty = 0.0

    /// What the logits of tokens of the prompt and of the answer are divided by where they are
    /// positive and multiplied with where they are negative; 1: nothing.
    public var repetitionPenalty = 1.0

    /// Added to the logits of single tokens, each between -100 and 100: beyond, it is that.
    public var logitBias: [TokenID: Double] = [:]

    /// The only tokens that may be drawn; nil: all.
    public var allowedTokens: [TokenID]?

    /// Texts that the answer must not have: the last token of each is ruled out where the answer
    /// ends with the tokens before it. Each is taken with and without a space before it, and the
    /// name of a special token stands for the token as well.
    public var badWords: [String] = []

    /// Names the random stream: equal seeds give equal tokens, whatever else runs. nil: a seed is
    /// drawn, and the completion says which.
    public var seed: UInt64?

    /// How many of the most likely tokens are reported beside each chosen one; -1: the whole
    /// vocabulary; nil: no log probabilities at all.
    public var logprobs: Int?

    /// The same for the tokens of the prompt.
    public var promptLogprobs: Int?

    /// The tokens that are reported beside each chosen one, in place of the most likely.
    public var logprobTokens: [TokenID]?

    /// What is reported: of the model's own distribution or of the one that is drawn from.
    public var logprobsMode = LogprobsMode.rawLogprobs

    /// Goes on after the model's end-of-generation tokens.
    public var ignoreEOS: Bool

    /// Texts that end the request; they are not part of its text, unless `includeStopString`. The
    /// name of a special token (`<|im_end|>`) stands for the token, which ends the request as one
    /// of `stopTokens` does, also where the text does not show it.
    public var stop: [String]

    /// Tokens that end the request, besides the model's own; they have no text, unless
    /// `includeStopString`.
    public var stopTokens: Set<TokenID>

    /// Whether the text includes what ended it.
    public var includeStopString = false

    /// Ends the request when its last tokens repeat themselves; nil: never.
    public var repetitionDetection: RepetitionDetection?

    /// Whether tokens are turned into text; without, the text is empty and there are no stop
    /// strings.
    public var detokenize = true

    /// Whether special tokens are left out of the text, rather than named.
    public var skipSpecialTokens = true

    /// Computes the whole prompt, also where the cache has it. What is computed is cached as ever.
    public var skipReadingPrefixCache = false

    /// Parameters; greedy by default. They are checked by `validate`.
    public init(
        temperature: Double = 0, maxTokens: Int? = nil, topK: Int = 0, topP: Double = 1,
        minP: Double = 0, seed: UInt64? = nil, logprobs: Int? = nil, ignoreEOS: Bool = false,
        stop: [String] = [], stopTokens: Set<TokenID> = []
    ) {
        self.temperature = temperature
        self.maxTokens = maxTokens
        self.topK = topK
        self.topP = topP
        self.minP = minP
        self.seed = seed
        self.logprobs = logprobs
        self.ignoreEOS = ignoreEOS
        self.stop = stop
        self.stopTokens = stopTokens
    }

    /// Whether the most likely token is always taken.
    public var isGreedy: Bool { temperature < EngineLimits.greedyTemperature }

    /// What the logits of a request that is not greedy are divided by.
    var effectiveTemperature: Double { max(temperature, EngineLimits.lowestTemperature) }

    /// Whether anything is reported beside the chosen tokens.
    package var reportsLogprobs: Bool { logprobs != nil || logprobTokens != nil }

    /// What is reported of the tokens of the prompt; nil where nothing is asked for.
    ///
    /// Prompts are not drawn, so the numbers are always of the model's own distribution.
    package var promptReport: RowReport? {
        promptLogprobs.map { RowReport(count: $0, isLogits: logprobsMode.isLogits) }
    }

    /// Answers that are drawn: `bestOf`, or as many as are wanted.
    package var branches: Int { max(n, bestOf ?? n) }
}
