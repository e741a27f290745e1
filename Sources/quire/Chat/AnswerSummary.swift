import QuireEngine
import Scheduling

/// What an answer took: tokens and speed, on one line.
struct AnswerSummary: Hashable, CustomStringConvertible {
    /// Tokens of the prompt.
    let promptTokens: Int
    /// Of those, what the cache had.
    let cachedTokens: Int
    /// Why it had no more of them.
    let miss: PrefixMiss?
    /// Tokens of the answer.
    let answerTokens: Int
    /// From the request to the first token.
    let firstToken: Duration
    /// Of the computing of the prompt.
    let prefill: Duration
    /// From the first token to the last.
    let decode: Duration
    /// Why it ended.
    let ending: String
    /// The seed that it was drawn with.
    let seed: UInt64

    /// Tokens of the conversation with this answer.
    var tokens: Int { promptTokens + answerTokens }

    var description: String {
        let milliseconds = Int((firstToken.seconds * 1000).rounded())
        return "prompt \(promptTokens) tokens, \(cachedTokens) cached\(changed), "
            + "\(Self.rate(promptTokens - cachedTokens, prefill)); "
            + "first token after \(milliseconds) ms; answer \(answerTokens) tokens, "
            + "\(Self.rate(max(0, answerTokens - 1), decode)); ended by \(ending); seed \(seed)"
    }

    /// Says so where the prompt is not what was computed before.
    private var changed: String {
        guard miss?.reason == .mismatch, let position = miss?.position else { return "" }
        return " (token \(position) is another one than before)"
    }

    private static func rate(_ count: Int, _ time: Duration) -> String {
        let seconds = time.seconds
        return seconds > 0 ? "\(Int((Double(count) / seconds).rounded())) tokens/s" : "-"
    }
}

extension AnswerSummary {
    /// What a completion took.
    init(_ completion: Completion) {
        let timeline = completion.timeline
        promptTokens = completion.promptTokens.count
        cachedTokens = timeline.cachedTokens
        miss = timeline.prefixMiss
        answerTokens = completion.tokens.count
        firstToken = (timeline.firstToken ?? timeline.finished ?? timeline.queued) - timeline.queued
        prefill = completion.timings.prefill
        decode = completion.timings.decode
        ending = completion.finishReason.rawValue
        seed = completion.seed
    }
}
