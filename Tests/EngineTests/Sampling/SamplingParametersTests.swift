import QuireEngine
import QuireIdentifiers
import Testing

@Suite struct `Sampling parameters` {
    @Test func `the defaults are greedy and valid`() throws {
        let parameters = SamplingParameters()
        #expect(parameters.isGreedy)
        try parameters.validate(vocabularySize: 10)
    }

    @Test(arguments: [
        ("temperature", SamplingParameters(temperature: -0.1)),
        ("temperature", SamplingParameters(temperature: 2.1)),
        ("temperature", SamplingParameters(temperature: .nan)),
        ("temperature", SamplingParameters(temperature: .infinity)),
        ("top-k", SamplingParameters(topK: -2)),
        ("top-p", SamplingParameters(topP: 0)),
        ("top-p", SamplingParameters(topP: 1.01)),
        ("top-p", SamplingParameters(topP: .nan)),
        ("min-p", SamplingParameters(minP: -0.01)),
        ("min-p", SamplingParameters(minP: 1.01)),
        ("max tokens", SamplingParameters(maxTokens: -1)),
        ("min tokens", .with { ($0.maxTokens, $0.minTokens) = (0, 1) }),
        ("logprobs", SamplingParameters(logprobs: -1)),
        ("logprobs", SamplingParameters(logprobs: -2)),
        ("logprobs", SamplingParameters(logprobs: 21)),
        ("prompt logprobs", .with { $0.promptLogprobs = 21 }),
        ("prompt logprobs", .with { $0.promptLogprobs = -1 }),
        ("n is 0", .with { $0.n = 0 }),
        ("n is 16385", .with(temperature: 1) { $0.n = 16_385 }),
        ("best_of", .with(temperature: 1) { ($0.n, $0.bestOf) = (3, 2) }),
        ("n or best_of", .with { $0.n = 2 }),
        ("n or best_of", .with(temperature: 9e-6) { $0.bestOf = 2 }),
        ("min tokens", .with { $0.minTokens = -1 }),
        ("min tokens", .with { ($0.maxTokens, $0.minTokens) = (5, 6) }),
        ("presence penalty", .with { $0.presencePenalty = 2.1 }),
        ("frequency penalty", .with { $0.frequencyPenalty = -2.1 }),
        ("presence penalty", .with { $0.presencePenalty = .nan }),
        ("repetition penalty", .with { $0.repetitionPenalty = 0 }),
        ("repetition penalty", .with { $0.repetitionPenalty = .infinity }),
        ("repetition penalty", .with { $0.repetitionPenalty = .nan }),
        ("logit bias of a token is 5", .with { $0.logitBias = [5: .nan, 6: 1] }),
        ("number of allowed tokens", .with { $0.allowedTokens = [] }),
        ("allowed token is 100, 10000000", .with { $0.allowedTokens = [10_000_000, 100, 1] }),
        ("number of tokens of the log", .with { $0.logprobTokens = (0..<21).map { TokenID($0) } }),
        ("token of the log probabilities is 100", .with { $0.logprobTokens = [100] }),
        ("logprobs is 3", .with { ($0.logprobs, $0.logprobTokens) = (3, [1, 2]) }),
        ("detokenize", .with { ($0.stop, $0.detokenize) = (["a"], false) }),
        ("bad word", .with { $0.badWords = [""] }),
        ("bad words", .with { $0.badWords = Array(repeating: "a", count: 129) }),
        ("max pattern size", .with { $0.repetitionDetection = .init(-1, 0, 2) }),
        ("max pattern size", .with { $0.repetitionDetection = .init(1_025, 0, 2) }),
        ("min pattern size", .with { $0.repetitionDetection = .init(3, 4, 2) }),
        ("min count", .with { $0.repetitionDetection = .init(3, 2, 1) }),
        ("stop string", SamplingParameters(stop: [""])),
        ("stop string", SamplingParameters(stop: [String(repeating: "a", count: 5_000)])),
        ("stop strings", SamplingParameters(stop: Array(repeating: "a", count: 65))),
        ("stop token", SamplingParameters(stopTokens: [100])),
    ])
    func `a value out of range is named`(name: String, parameters: SamplingParameters) {
        let error = #expect(throws: EngineError.self) {
            try parameters.validate(vocabularySize: 100)
        }
        #expect(error?.code == .invalidParameters)
        #expect(error?.message.contains(name) == true)
        #expect(error?.message.contains("must be") == true)
        #expect(error?.parameter?.contains(where: { " -".contains($0) }) == false)
    }

    @Test(arguments: [
        SamplingParameters(temperature: 2), SamplingParameters(topP: 1e-9),
        SamplingParameters(minP: 1), SamplingParameters(topK: .max),
        SamplingParameters(logprobs: 20), SamplingParameters(logprobs: 0),
        SamplingParameters(topK: -1),
        .with { $0.minTokens = .max },
        .with(temperature: 1) { ($0.n, $0.bestOf) = (16_384, 16_384) },
        .with { ($0.presencePenalty, $0.frequencyPenalty) = (2, -2) },
        .with { $0.repetitionPenalty = 1e-30 },
        .with { $0.logitBias = [99: 1e9, 0: -.infinity] },
        .with { ($0.logprobs, $0.logprobTokens) = (2, [99, 0]) },
        .with { $0.repetitionDetection = .init(0, 0, 0) },
        .with { $0.repetitionDetection = .init(1_024, 1_024, .max) },
        SamplingParameters(maxTokens: .max), SamplingParameters(stopTokens: [99]),
    ])
    func `the ends of the ranges are valid`(parameters: SamplingParameters) throws {
        try parameters.validate(vocabularySize: 100)
    }

    /// G9, S2, S3: the bound is the server's to set, and -1 is the vocabulary.
    @Test func `log probabilities of the whole vocabulary need a bound that allows it`() throws {
        for all in [-1, 100] {
            for parameters in [
                SamplingParameters(logprobs: all), .with { $0.promptLogprobs = all },
            ] {
                try parameters.validate(vocabularySize: 100, maxLogprobs: -1)
                try parameters.validate(vocabularySize: 100, maxLogprobs: 100)
                #expect(throws: EngineError.self) {
                    try parameters.validate(vocabularySize: 100, maxLogprobs: 99)
                }
            }
        }
        #expect(throws: EngineError.self) {
            try SamplingParameters(logprobs: 101).validate(vocabularySize: 100, maxLogprobs: -1)
        }
    }

    /// S23.
    @Test func `every bad key is listed, up to a length`() {
        func message(_ change: (inout SamplingParameters) -> Void) -> String? {
            #expect(throws: EngineError.self) {
                try SamplingParameters.with(change).validate(vocabularySize: 100)
            }?.message
        }
        #expect(
            message { $0.logitBias = [3: 1, 200: 1, 100: 1, 150: 0] }
                == "a token of the logit bias is 100, 150, 200; it must be below 100, the size of "
                + "the vocabulary")
        let many = message { $0.stopTokens = Set((100..<120).map { TokenID($0) }) }
        #expect(many?.contains("114, 115 and 4 more; it must be") == true)
    }

    @Test func `temperatures near 0 are 0, or raised to what still divides`() {
        #expect(SamplingParameters(temperature: 9.9e-6).isGreedy)
        #expect(!SamplingParameters(temperature: 1e-5).isGreedy)
    }
}

extension SamplingParameters {
    /// Parameters with changes.
    static func with(
        temperature: Double = 0, _ change: (inout SamplingParameters) -> Void
    ) -> SamplingParameters {
        var parameters = SamplingParameters(temperature: temperature)
        change(&parameters)
        return parameters
    }
}

extension RepetitionDetection {
    /// In the order of the tables: longest pattern, shortest, times.
    init(_ longest: Int, _ shortest: Int, _ count: Int) {
        self.init(maxPatternSize: longest, minPatternSize: shortest, minCount: count)
    }
}
