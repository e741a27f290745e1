package import QuireEngine
package import QuireIdentifiers
import Scheduling

/// What no setting may change of an answer.
package struct Answer: Hashable, Sendable {
    package let tokens: [TokenID]
    package let text: String
    package let logprobs: [TokenLogprob]?
    package let promptLogprobs: [TokenLogprob?]?
    package let reason: String

    package init(_ completion: Completion) {
        tokens = completion.tokens
        text = completion.text
        logprobs = completion.logprobs
        promptLogprobs = completion.promptLogprobs
        reason = completion.finishReason.rawValue
    }
}

/// Requests of every kind, some of which share the beginnings of their prompts.
package struct Workload: Sendable {
    /// The requests; where `n` is more than 1, one of them asks for as many answers.
    package let requests: [GenerationRequest]

    /// - Parameters:
    ///   - text: a long text as tokens, the beginning of most prompts.
    ///   - other: a text that begins otherwise.
    ///   - tokens: tokens of an answer.
    ///   - n: answers to one of the requests.
    package init(text: [TokenID], other: [TokenID], tokens: Int, n: Int) {
        func request(
            _ prompt: [TokenID], tokens: Int, _ change: (inout SamplingParameters) -> Void
        ) -> GenerationRequest {
            var parameters = SamplingParameters(maxTokens: tokens, logprobs: 3, ignoreEOS: true)
            change(&parameters)
            return GenerationRequest(prompt: prompt, parameters: parameters)
        }
        let half = text.count / 2
        var requests = [
            request(text, tokens: tokens) { _ in },
            // The same prompt at the same time, drawn.
            request(text, tokens: tokens + 3) { it in
                it.temperature = 0.9
                it.seed = 3
                it.repetitionPenalty = 1.2
                it.frequencyPenalty = 0.3
            },
            request(Array(text[..<half]) + other, tokens: tokens) { it in
                it.temperature = 0.8
                it.topK = 40
                it.topP = 0.95
                it.seed = 11
                it.n = n
            },
            request(other, tokens: 2 * tokens) { it in
                it.minTokens = tokens
                it.stop = ["e", "a"]
            },
            // Must compute what others find in the cache; short, for it looks at every logit.
            request(Array(text.prefix(20)), tokens: 2) { $0.promptLogprobs = 2 },
            request(Array(text[..<1]), tokens: tokens / 2) { it in
                it.temperature = 1.3
                it.minP = 0.05
                it.seed = 5
            },
        ]
        for (index, tenant) in ["a", "b", "a", "c", "b", "a"].enumerated() {
            requests[index].tenant = tenant
            requests[index].priority = [1, 0, 2, 0, -1, 1][index]
        }
        self.requests = requests
    }
}
