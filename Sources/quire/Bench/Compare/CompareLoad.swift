import QuireEngine
import QuireIdentifiers
import Simulation
import Tokenization

/// The requests that all arms answer: drawn prompts, answers of given lengths.
struct CompareLoad {
    /// The lengths, and where they are from.
    let trace: Trace
    /// Tokens that all prompts begin with.
    let shared: Int
    private let vocabularySize: Int

    init(_ trace: Trace, shared: Int, tokenizer: Tokenizer) {
        self.trace = trace
        self.shared = shared
        vocabularySize = tokenizer.vocabularySize
    }

    /// Tokens of all prompts, and of all answers.
    var promptTokens: Int { trace.requests.reduce(0) { $0 + $1.promptTokens } }
    var outputTokens: Int { trace.requests.reduce(0) { $0 + $1.outputTokens } }

    /// Request `index`, around again after the last.
    func request(_ index: Int) -> GenerationRequest {
        let lengths = trace.requests[index % trace.requests.count]
        return GenerationRequest(
            prompt: prompt(index),
            parameters: SamplingParameters(maxTokens: lengths.outputTokens, ignoreEOS: true))
    }

    /// The prompt of a request: drawn tokens, the same for a number.
    func prompt(_ index: Int) -> [TokenID] {
        let count = trace.requests[index % trace.requests.count].promptTokens
        var common = SeededRandom(seed: 0)
        var own = SeededRandom(seed: UInt64(index) + 1)
        return (0..<count).map { $0 < shared ? token(&common) : token(&own) }
    }

    /// The first and last tokens of a vocabulary are often special.
    private func token(_ random: inout SeededRandom) -> TokenID {
        let quarter = max(1, vocabularySize / 4)
        return TokenID(UInt32(random.integer(in: quarter...max(quarter, 3 * quarter - 1))))
    }
}
