import QuireEngine

extension SamplingParameters {
    /// What llama-server's own interface and Ollama's, which follows it, call alike.
    init(
        llamaNames reader: inout MemberReader, _ defaults: SamplingDefaults
    ) throws(RequestError) {
        let penalties = -EngineLimits.maxPenalty...EngineLimits.maxPenalty
        self.init(
            temperature: try reader.double("temperature", in: 0...EngineLimits.maxTemperature)
                ?? defaults.temperature)
        topK = try reader.integer("top_k", from: -1) ?? defaults.topK
        topP = try reader.double("top_p", above0AndAtMost: 1) ?? defaults.topP
        minP = try reader.double("min_p", in: 0...1) ?? defaults.minP
        presencePenalty = try reader.double("presence_penalty", in: penalties) ?? 0
        frequencyPenalty = try reader.double("frequency_penalty", in: penalties) ?? 0
        repetitionPenalty = try reader.double("repeat_penalty", above0AndAtMost: .infinity) ?? 1
        try readWindow("repeat_last_n", &reader)
        seed = try reader.integer("seed").flatMap { Seed(Int64($0)).value }
        stop = try Self.stop(&reader)
    }
}
