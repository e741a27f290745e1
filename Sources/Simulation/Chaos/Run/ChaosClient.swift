import QuireEngine
import QuireIdentifiers
import Scheduling

/// A client of a chaos run: what it asked for and what it was told.
struct ChaosClient {
    let request: ChaosRequest
    var stream: TokenStream?
    /// The number that the engine gave; nil: it was not taken.
    var id: RequestID?
    /// What was read of each answer.
    var tokens: [Int: [TokenID]] = [:]
    var texts: [Int: String] = [:]
    var completions: [Int: Completion] = [:]
    var error: EngineError?
    /// Whether the stream has said so.
    var hasEnded = false
    /// The turn after which it must be gone, once it was given up.
    var deadline: Int?
    /// Whether it was given up by anybody: the client, a pause or a shutdown.
    var mayBeCancelled = false
    /// Whether it has had a place in the batch.
    var hasStarted = false
    /// Whether its answers were compared with the oracle's.
    var isChecked = false
    /// Its sequences after the turn before.
    var sequences: [SequenceID] = []
    /// Whether it was running when a step failed.
    var sawFailure = false

    init(_ request: ChaosRequest) {
        self.request = request
    }

    /// Takes what there is.
    mutating func read() -> (failure: ChaosFailure?, merged: Bool) {
        var merged = false
        while let stream, !hasEnded {
            do throws(EngineError) {
                switch try stream.take() {
                case .delta(let delta):
                    if completions[delta.choice] != nil {
                        return (
                            ChaosFailure(.ends, "answer \(delta.choice) goes on after its end"),
                            merged
                        )
                    }
                    merged = merged || delta.tokens.count > 1
                    tokens[delta.choice, default: []] += delta.tokens
                    texts[delta.choice, default: ""] += delta.text
                    if (delta.finishReason != nil) != (delta.completion != nil) {
                        return (ChaosFailure(.ends, "a reason without an answer"), merged)
                    }
                    completions[delta.choice] = delta.completion
                case .nothing: return (nil, merged)
                case .end: hasEnded = true
                }
            } catch {
                if self.error != nil {
                    return (ChaosFailure(.ends, "it failed twice: \(error)"), merged)
                }
                self.error = error
            }
        }
        return (nil, merged)
    }
}
