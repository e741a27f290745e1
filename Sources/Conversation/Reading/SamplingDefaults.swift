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

    /// Of `quire run`, for a person who reads: lively, but not wild.
    package static let run = SamplingDefaults(temperature: 0.7, minP: 0.05, maxTokens: 512)
    /// Of `quire generate`, for a program that compares: always the likeliest token.
    package static let generate = SamplingDefaults(temperature: 0, minP: 0, maxTokens: 128)
    /// Of completions in a batch: those of the OpenAI interface, or a file of requests would mean
    /// something else here.
    package static let batch = SamplingDefaults(temperature: 1, minP: 0, maxTokens: 16)
}
