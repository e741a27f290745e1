import Engine
import Identifiers
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
        ("top-k", SamplingParameters(topK: -1)),
        ("top-p", SamplingParameters(topP: 0)),
        ("top-p", SamplingParameters(topP: 1.01)),
        ("top-p", SamplingParameters(topP: .nan)),
        ("min-p", SamplingParameters(minP: -0.01)),
        ("min-p", SamplingParameters(minP: 1.01)),
        ("max tokens", SamplingParameters(maxTokens: 0)),
        ("logprobs", SamplingParameters(logprobs: -1)),
        ("logprobs", SamplingParameters(logprobs: 101)),
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
    }

    @Test(arguments: [
        SamplingParameters(temperature: 2), SamplingParameters(topP: 1e-9),
        SamplingParameters(minP: 1), SamplingParameters(topK: .max),
        SamplingParameters(logprobs: 100), SamplingParameters(logprobs: 0),
        SamplingParameters(maxTokens: .max), SamplingParameters(stopTokens: [99]),
    ])
    func `the ends of the ranges are valid`(parameters: SamplingParameters) throws {
        try parameters.validate(vocabularySize: 100)
    }
}
