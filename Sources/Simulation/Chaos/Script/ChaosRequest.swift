package import KVCache
package import QuireEngine
package import QuireIdentifiers

/// A request of a chaos run.
package struct ChaosRequest: Hashable, Sendable {
    /// The prompt.
    package var prompt: [TokenID] = [0]
    /// Tokens that end the answer.
    package var stopTokens: [TokenID] = []
    /// Texts that end the answer, joined by `+`.
    package var stops = ""
    /// Whose prefixes it may read.
    package var salt = ""
    /// On whose account it runs.
    package var tenant = "a"

    /// Tokens to generate at most; -1: what the context has room for.
    package var maxTokens = 4
    /// In percent: 0 is greedy.
    package var temperature = 0
    /// The random stream.
    package var seed = 1
    /// Answers.
    package var n = 1
    /// Answers that are drawn; 0: as many.
    package var bestOf = 0
    /// Beams of a search; 0: none.
    package var beams = 0
    /// The search's length penalty, in percent.
    package var penalty = 100
    /// Whether the search ends early: 0 or 1.
    package var early = 0
    /// Goes on after the end of a text: 0 or 1.
    package var ignoresEnd = 1
    /// Alternatives reported for the prompt's tokens; -1: no report.
    package var promptLogprobs = -1
    /// The class.
    package var priority = 0
    /// The tenant's share, in percent.
    package var weight = 100
    /// Computes all of the prompt: 0 or 1.
    package var skipsCache = 0
    /// The retention priority of its prompt's blocks; -1: none.
    package var keep = -1
    /// How long that holds, in milliseconds; 0: for ever.
    package var keepMillis = 0
    /// In how many turns its reader looks once; 0: only at the end.
    package var reads = 1

    /// The plainest request.
    package init() {}
}

extension ChaosRequest {
    /// The numbers, by their names in the text.
    package static let numbers: ChaosFields<Self, Int> = [
        ("max", \.maxTokens), ("temperature", \.temperature), ("seed", \.seed), ("n", \.n),
        ("best-of", \.bestOf), ("beams", \.beams), ("penalty", \.penalty), ("early", \.early),
        ("ignores-end", \.ignoresEnd), ("prompt-logprobs", \.promptLogprobs),
        ("priority", \.priority), ("weight", \.weight), ("skips-cache", \.skipsCache),
        ("keep", \.keep), ("keep-ms", \.keepMillis), ("reads", \.reads),
    ]

    /// The words, by their names in the text.
    package static let words: ChaosFields<Self, String> = [
        ("stop", \.stops), ("salt", \.salt), ("tenant", \.tenant),
    ]

    /// The stop strings.
    package var stopStrings: [String] { stops.split(separator: "+").map(String.init) }

    /// The request as a client hands it in.
    package func make() throws(KVCacheError) -> GenerationRequest {
        var parameters = SamplingParameters(
            temperature: Double(temperature) / 100, maxTokens: maxTokens < 0 ? nil : maxTokens,
            seed: UInt64(bitPattern: Int64(seed)), ignoreEOS: ignoresEnd != 0, stop: stopStrings,
            stopTokens: Set(stopTokens))
        parameters.n = n
        parameters.bestOf = bestOf > 0 ? bestOf : nil
        parameters.promptLogprobs = promptLogprobs < 0 ? nil : promptLogprobs
        parameters.skipReadingPrefixCache = skipsCache != 0
        var made = GenerationRequest(prompt: prompt, parameters: parameters)
        made.priority = priority
        made.tenant = tenant
        made.weight = Double(weight) / 100
        made.cacheSalt = salt.isEmpty ? nil : salt
        if keep >= 0 {
            let time: Duration? = keepMillis > 0 ? .milliseconds(keepMillis) : nil
            made.retention = try RetentionPlan(
                ranges: [.init(start: 0, priority: keep, duration: time)],
                promptTokens: prompt.count, decodePriority: keep, decodeDuration: time)
        }
        if beams > 0 {
            made.beam = BeamSearch(
                width: beams, lengthPenalty: Double(penalty) / 100, earlyStopping: early != 0)
        }
        return made
    }
}
