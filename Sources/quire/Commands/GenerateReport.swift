import QuireEngine
import QuireIdentifiers
import Scheduling

/// A line of `quire generate --format json`.
struct GenerateReport: Encodable {
    /// A chosen token, its log probability, and the likeliest ones as `[id, logprob]`.
    struct Logprob: Encodable {
        let token: UInt32
        let logprob: Double
        let top: [Entry]
    }

    /// A pair of a token and its log probability.
    struct Entry: Encodable {
        let token: UInt32
        let logprob: Double

        func encode(to encoder: any Encoder) throws {
            var pair = encoder.unkeyedContainer()
            try pair.encode(token)
            // JSON has no infinity: a token that is ruled out has no log probability.
            if logprob.isFinite { try pair.encode(logprob) } else { try pair.encodeNil() }
        }
    }

    struct Usage: Encodable {
        let promptTokens: Int
        let completionTokens: Int
        let totalTokens: Int

        enum CodingKeys: String, CodingKey {
            case promptTokens = "prompt_tokens"
            case completionTokens = "completion_tokens"
            case totalTokens = "total_tokens"
        }
    }

    struct Timings: Encodable {
        let load: Double
        let prefill: Double
        let decode: Double

        enum CodingKeys: String, CodingKey {
            case load = "load_s"
            case prefill = "prefill_s"
            case decode = "decode_s"
        }
    }

    /// Which of the prompts this answers, from 0.
    let index: Int
    /// The name that the prompt brought.
    let id: PromptID?
    let promptTokens: [UInt32]
    let tokens: [UInt32]
    let text: String
    let finishReason: String
    let logprobs: [Logprob]?
    let usage: Usage
    let timings: Timings

    enum CodingKeys: String, CodingKey {
        case index
        case id
        case promptTokens = "prompt_tokens"
        case tokens
        case text
        case finishReason = "finish_reason"
        case logprobs
        case usage
        case timings
    }

    init(_ completion: Completion, index: Int, id: PromptID?, loadSeconds: Double) {
        self.index = index
        self.id = id
        promptTokens = completion.promptTokens.map(\.rawValue)
        tokens = completion.tokens.map(\.rawValue)
        text = completion.text
        finishReason = completion.finishReason.rawValue
        logprobs = completion.logprobs?.map { entry in
            Logprob(
                token: entry.token.rawValue, logprob: entry.logprob,
                top: entry.top.map { Entry(token: $0.token.rawValue, logprob: $0.logprob) })
        }
        usage = Usage(
            promptTokens: promptTokens.count, completionTokens: tokens.count,
            totalTokens: promptTokens.count + tokens.count)
        timings = Timings(
            load: loadSeconds, prefill: completion.timings.prefill.seconds,
            decode: completion.timings.decode.seconds)
    }
}
