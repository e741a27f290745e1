package import QuireEngine
import QuireIdentifiers
import QuireJSON

extension SamplingParameters {
    /// The sampling parameters of a request, under the names of the OpenAI interface and of vLLM's
    /// additions to it. How many tokens are wanted and which log probabilities is left to the
    /// dialect, and so are ranges that depend on the model or on each other, to `validate`.
    ///
    /// - Parameter defaults: what holds where the request says nothing.
    package init(
        _ reader: inout MemberReader, defaults: SamplingDefaults = .batch
    ) throws(RequestError) {
        let hottest = EngineLimits.maxTemperature
        let penalties = -EngineLimits.maxPenalty...EngineLimits.maxPenalty
        self.init(
            temperature: try reader.double("temperature", in: 0...hottest)
                ?? defaults.temperature)
        topP = try reader.double("top_p", above0AndAtMost: 1) ?? defaults.topP
        topK = try reader.integer("top_k", from: -1) ?? defaults.topK
        minP = try reader.double("min_p", in: 0...1) ?? defaults.minP
        n = try reader.integer("n", in: 1...EngineLimits.maxBranches) ?? 1
        minTokens = try reader.integer("min_tokens", from: 0) ?? 0
        presencePenalty = try reader.double("presence_penalty", in: penalties) ?? 0
        frequencyPenalty = try reader.double("frequency_penalty", in: penalties) ?? 0
        repetitionPenalty =
            try reader.double("repetition_penalty", above0AndAtMost: .infinity) ?? 1
        logitBias = try Self.logitBias(&reader)
        allowedTokens = try reader.tokens("allowed_token_ids")
        badWords =
            try reader.texts(
                "bad_words", maxCount: EngineLimits.maxBadWords,
                maxBytes: EngineLimits.maxBadWordBytes) ?? []
        seed = try reader.integer("seed").flatMap { Seed(Int64($0)).value }
        logprobTokens = try reader.tokens("logprob_token_ids")
        ignoreEOS = try reader.bool("ignore_eos") ?? false
        stop = try Self.stop(&reader)
        stopTokens = Set(try reader.tokens("stop_token_ids") ?? [])
        includeStopString = try reader.bool("include_stop_str_in_output") ?? false
        detokenize = try reader.bool("detokenize") ?? true
        skipSpecialTokens = try reader.bool("skip_special_tokens") ?? true
        skipReadingPrefixCache = try reader.bool("skip_reading_prefix_cache") ?? false
        repetitionDetection = try Self.repetitionDetection(&reader)
    }

    /// The stop strings under the name `stop`.
    static func stop(_ reader: inout MemberReader) throws(RequestError) -> [String] {
        try reader.texts(
            "stop", maxCount: EngineLimits.maxStopStrings, maxBytes: EngineLimits.maxStopBytes)
            ?? []
    }

    /// Checks what can be told without the model: ranges that depend on one another.
    package func validateAlone() throws(RequestError) {
        do throws(EngineError) {
            // Above any token id and below any count of log probabilities that would be refused.
            try validate(vocabularySize: Int(UInt32.max) + 1, maxLogprobs: -1)
        } catch {
            throw RequestError(error)
        }
    }

    static func logitBias(
        _ reader: inout MemberReader
    ) throws(RequestError) -> [TokenID: Double] {
        guard let value = reader.value("logit_bias") else { return [:] }
        guard let members = value.members else {
            throw RequestError(
                "`logit_bias` must be an object from token ids to numbers", param: "logit_bias")
        }
        var biases: [TokenID: Double] = [:]
        var badKeys: [String] = []
        var badValues: [String] = []
        for member in members where member.value != .null {
            let id = UInt32(member.key)
            let bias = member.value.double
            if id == nil { badKeys.append(member.key) }
            if bias == nil { badValues.append(member.key) }
            if let id, let bias { biases[TokenID(id)] = bias }
        }
        for (keys, what) in [
            (badKeys, "keys are no token ids"), (badValues, "biases are no numbers"),
        ]
        where !keys.isEmpty {
            throw RequestError(
                "`logit_bias`: \(what): \(keys.inMessage)", param: "logit_bias")
        }
        return biases
    }

    private static func repetitionDetection(
        _ reader: inout MemberReader
    ) throws(RequestError) -> RepetitionDetection? {
        guard let value = reader.value("repetition_detection") else { return nil }
        var members = try MemberReader(
            value, at: reader.path(of: "repetition_detection"))
        let rule = RepetitionDetection(
            maxPatternSize: try members.integer("max_pattern_size") ?? 0,
            minPatternSize: try members.integer("min_pattern_size") ?? 0,
            minCount: try members.integer("min_count") ?? 0)
        try members.finish()
        return rule
    }
}
