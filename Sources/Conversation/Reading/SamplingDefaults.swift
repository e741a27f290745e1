/// What holds where neither an option nor a request says how tokens are chosen.
///
/// `Documentation/environment.md` has them as a table.
package struct SamplingDefaults: Sendable {
    /// The temperature.
    package let temperature: Double
    /// The least share of the likeliest token's probability.
    package let minP: Double
    /// Tokens of an answer.
    package let maxTokens: Int
    /// The likeliest tokens that are drawn from; 0: all.
    package var topK = 0
    /// The probability of the likeliest tokens that are drawn from; 1: all.
    package var topP = 1.0

    /// Of `quire run`, for a person who reads: lively, but not wild.
    package static let run = SamplingDefaults(temperature: 0.7, minP: 0.05, maxTokens: 512)
    /// Of `quire generate`, for a program that compares: always the likeliest token.
    package static let generate = SamplingDefaults(temperature: 0, minP: 0, maxTokens: 128)
    /// Of completions in a batch: those of the OpenAI interface, or a file of requests would mean
    /// something else here.
    package static let batch = SamplingDefaults(temperature: 1, minP: 0, maxTokens: 16)
    /// Of Ollama's interface, whose clients expect them; its penalty for repetition, which looks at
    /// the last 64 tokens only, is off unless a request asks for it.
    package static let ollama = SamplingDefaults(
        temperature: 0.8, minP: 0, maxTokens: .max, topK: 40, topP: 0.9)
    /// Of llama-server's own interface, as its clients expect them.
    package static let infill = SamplingDefaults(
        temperature: 0.8, minP: 0.05, maxTokens: .max, topK: 40, topP: 0.95)
}
