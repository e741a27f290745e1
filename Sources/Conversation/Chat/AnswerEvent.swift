package import QuireEngine

/// What an answer to a conversation has gained.
///
/// The order is that of the generated text: `began`, then reasoning, text and calls as they come,
/// then `ended`. Between `callBegan` and `callEnded` comes nothing but that call's arguments.
package enum AnswerEvent: Hashable, Sendable {
    /// The first event, once the request is accepted: what its prompt took.
    case began(promptTokens: Int)

    /// The prompt is still being computed, or no token came for a while: for dialects whose
    /// clients give up on a silent stream.
    case waiting

    /// The log probabilities of the next tokens, when asked for; the text of those tokens follows,
    /// in this delta or a later one.
    case logprobs([TokenLogprob])

    /// More of what the model thinks.
    case reasoning(String)

    /// More of what it says.
    case text(String)

    /// It calls a tool: the calls of an answer count from 0.
    case callBegan(index: Int, id: String, name: String)

    /// More of the arguments' text.
    case callArguments(index: Int, String)

    /// The arguments are complete.
    case callEnded(index: Int)

    /// The last event.
    case ended(AnswerEnd)
}

/// How an answer ended and what it took.
package struct AnswerEnd: Hashable, Sendable {
    /// Why an answer ended.
    package enum Reason: Hashable, Sendable {
        /// The model's own end.
        case stop
        /// One of the request's stop conditions.
        case stopCondition(Completion.StopReason)
        /// It calls tools and waits for their results.
        case calls
        /// The wanted number of tokens, or the longest context.
        case length
        /// Somebody cancelled the request.
        case cancelled
        /// The model could not go on; the message says why.
        case failed(RequestError)
    }

    /// Why it ended.
    package var reason: Reason

    /// What it took.
    package var usage: AnswerUsage

    /// An end.
    package init(_ reason: Reason, _ usage: AnswerUsage) {
        self.reason = reason
        self.usage = usage
    }
}

/// What an answer took, in tokens.
package struct AnswerUsage: Hashable, Sendable {
    /// Of the prompt.
    package var promptTokens = 0
    /// Of those, found in the cache.
    package var cachedTokens = 0
    /// Why no more were found.
    package var miss: PrefixMiss?
    /// Generated, thoughts and calls included.
    package var answerTokens = 0
    /// Of those, thoughts.
    package var reasoningTokens = 0

    /// Nothing.
    package init() {}

    /// Of several answers to one prompt, which counts once.
    package init(of answers: [AnswerUsage]) {
        promptTokens = answers.first?.promptTokens ?? 0
        cachedTokens = answers.first?.cachedTokens ?? 0
        miss = answers.first?.miss
        answerTokens = answers.reduce(0) { $0 + $1.answerTokens }
        reasoningTokens = answers.reduce(0) { $0 + $1.reasoningTokens }
    }
}
