import QuireEngine
import QuireIdentifiers
import Testing

/// A row of logits and what a request's parameters make of it.
struct RowOfLogits {
    var logits: [Float]
    var prompt: [TokenID] = []
    var generated: [TokenID] = []
    var ends: Set<TokenID> = []
    var badWords: [[TokenID]] = []

    /// The token that is taken.
    func sample(
        _ parameters: SamplingParameters, seed: UInt64 = 1, branch: UInt64 = 0, position: Int = 0,
        with sampler: inout Sampler
    ) throws -> TokenID {
        try sampler.sample(
            logits.span, parameters, rules: rules(parameters), generated: generated, seed: seed,
            branch: branch, position: position)
    }

    /// The token that is taken.
    func sample(_ parameters: SamplingParameters) throws -> TokenID {
        var sampler = Sampler()
        return try sample(parameters, with: &sampler)
    }

    /// The logits or log probabilities of all tokens, as a report has them.
    func reported(
        _ parameters: SamplingParameters, _ mode: LogprobsMode = .processedLogits
    ) throws -> [Double] {
        var parameters = parameters
        parameters.logprobs = -1
        parameters.logprobsMode = mode
        var sampler = Sampler()
        let token = try sample(parameters, with: &sampler)
        let report = try #require(
            try sampler.report(token, of: logits.span, parameters, position: 0))
        #expect(report.token == token)
        #expect(report.top.count == logits.count)
        var values = Array(repeating: Double.nan, count: logits.count)
        for entry in report.top { values[Int(entry.token.rawValue)] = entry.logprob }
        #expect(report.logprob == values[Int(token.rawValue)])
        return values
    }

    func rules(_ parameters: SamplingParameters) -> LogitRules? {
        LogitRules(
            parameters, badWords: badWords, prompt: prompt, generated: generated, ends: ends)
    }
}
