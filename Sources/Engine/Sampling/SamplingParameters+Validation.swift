import QuireIdentifiers

extension SamplingParameters {
    /// Checks every parameter.
    ///
    /// The tokens of bad words are checked when the request begins, because that needs a tokenizer.
    ///
    /// - Parameters:
    ///   - vocabularySize: the tokens of the model.
    ///   - maxLogprobs: alternatives that may be reported for each token; -1: the vocabulary.
    /// - Throws: `EngineError.invalidParameters`, with the parameter's name, value and range.
    /// - Complexity: O(values of the parameters).
    public func validate(
        vocabularySize: Int, maxLogprobs: Int = EngineLimits.maxLogprobs
    ) throws(EngineError) {
        try validateLengths()
        try validateChoice()
        try validateTokens(vocabularySize)
        try validateLogprobs(
            vocabularySize,
            maxLogprobs < 0 ? vocabularySize : min(maxLogprobs, vocabularySize))
        try validateStops()
    }
}

extension SamplingParameters {
    /// - Parameter field: what requests call the parameter; nil: what `name` is.
    private func require(
        _ holds: Bool, _ name: String, _ value: Any, _ range: String, field: String? = nil
    ) throws(EngineError) {
        guard holds else {
            throw EngineError(
                .invalidParameters, "\(name) is \(Self.shown(value)); it must be \(range)",
                parameter: field ?? name)
        }
    }

    /// A value as people write it: `-1` and not `-1.0`.
    private static func shown(_ value: Any) -> String {
        guard let number = value as? Double, number.magnitude < 1e15, number == number.rounded()
        else { return "\(value)" }
        return "\(Int(number))"
    }

    private func validateLengths() throws(EngineError) {
        let most = EngineLimits.maxBranches
        try require(n >= 1 && n <= most, "n", n, "between 1 and \(most)")
        if let bestOf {
            try require(
                bestOf >= n && bestOf <= most, "best_of", bestOf, "between n, \(n), and \(most)")
        }
        try require(
            !isGreedy || branches == 1, "n or best_of", branches,
            "1 at a temperature of 0: every answer would be the same",
            field: n > 1 ? "n" : "best_of")
        try require(
            (maxTokens ?? 0) >= 0, "max tokens", maxTokens ?? 0, "at least 0",
            field: "max_tokens")
        try require(
            minTokens >= 0 && minTokens <= maxTokens ?? .max, "min tokens", minTokens,
            maxTokens.map { "between 0 and max tokens, \($0)" } ?? "at least 0",
            field: "min_tokens")
        if let rule = repetitionDetection { try validate(rule) }
    }

    private func validate(_ rule: RepetitionDetection) throws(EngineError) {
        let limit = EngineLimits.maxRepetitionPattern
        func require(
            _ holds: Bool, _ name: String, _ value: Int, _ range: String
        ) throws(EngineError) {
            try self.require(
                holds, "the \(name) of repetition detection", value, range,
                field: "repetition_detection")
        }
        try require(
            rule.maxPatternSize >= 0 && rule.maxPatternSize <= limit, "max pattern size",
            rule.maxPatternSize, "between 0 (off) and \(limit)")
        try require(
            rule.minPatternSize >= 0 && rule.minPatternSize <= rule.maxPatternSize,
            "min pattern size", rule.minPatternSize,
            "between 0 and the max pattern size, \(rule.maxPatternSize)")
        try require(
            rule.minCount >= 2 || rule.maxPatternSize == 0, "min count", rule.minCount,
            "at least 2")
    }

    /// Ranges are written so that NaN fails.
    private func validateChoice() throws(EngineError) {
        let hottest = EngineLimits.maxTemperature
        try require(
            temperature >= 0 && temperature <= hottest, "temperature", temperature,
            "between 0 and \(Self.shown(hottest))")
        try require(topK >= -1, "top-k", topK, "-1 or 0 (all tokens) or more", field: "top_k")
        try require(topP > 0 && topP <= 1, "top-p", topP, "above 0 and at most 1", field: "top_p")
        try require(minP >= 0 && minP <= 1, "min-p", minP, "between 0 and 1", field: "min_p")
        let most = EngineLimits.maxPenalty
        for (name, value) in [("presence", presencePenalty), ("frequency", frequencyPenalty)] {
            try require(
                value >= -most && value <= most, "\(name) penalty", value,
                "between -\(Self.shown(most)) and \(Self.shown(most))", field: "\(name)_penalty")
        }
        try require(
            repetitionPenalty > 0 && repetitionPenalty.isFinite, "repetition penalty",
            repetitionPenalty, "a finite number above 0", field: "repetition_penalty")
    }

    private func validateTokens(_ vocabularySize: Int) throws(EngineError) {
        func require(
            _ tokens: some Collection<TokenID>, _ name: String, field: String
        ) throws(EngineError) {
            let bad = tokens.filter { Int($0.rawValue) >= vocabularySize }.sorted()
            guard bad.isEmpty else {
                let range = "below \(vocabularySize), the size of the vocabulary"
                throw .badValues(
                    bad.map(\.description), of: name, range: range, parameter: field)
            }
        }
        try require(stopTokens, "a stop token", field: "stop_token_ids")
        try require(logitBias.keys, "a token of the logit bias", field: "logit_bias")
        try require(allowedTokens ?? [], "an allowed token", field: "allowed_token_ids")
        try require(
            logprobTokens ?? [], "a token of the log probabilities", field: "logprob_token_ids")
        try self.require(
            allowedTokens?.isEmpty != true, "the number of allowed tokens", 0, "at least 1",
            field: "allowed_token_ids")
        let unordered = logitBias.filter { $0.value.isNaN }.keys.sorted()
        guard unordered.isEmpty else {
            throw .badValues(
                unordered.map(\.description), of: "the logit bias of a token",
                range: "given a number", parameter: "logit_bias")
        }
    }

    private func validateLogprobs(_ vocabularySize: Int, _ most: Int) throws(EngineError) {
        for (name, value) in [("logprobs", logprobs), ("prompt logprobs", promptLogprobs)] {
            guard let value else { continue }
            let count = value == -1 ? vocabularySize : value
            let range = "between 0 and \(most)" + (most == vocabularySize ? ", or -1 for all" : "")
            try require(
                count >= 0 && count <= most, name, value, range,
                field: name.replacing(" ", with: "_"))
        }
        guard let logprobTokens else { return }
        try require(
            logprobTokens.count <= most, "the number of tokens of the log probabilities",
            logprobTokens.count, "at most \(most)", field: "logprob_token_ids")
        try require(
            (logprobs ?? logprobTokens.count) == logprobTokens.count, "logprobs", logprobs ?? 0,
            "the number of the tokens that are asked for, \(logprobTokens.count), or left out")
    }

    private func validateStops() throws(EngineError) {
        try require(
            stop.count <= EngineLimits.maxStopStrings,
            "the number of stop strings", stop.count, "at most \(EngineLimits.maxStopStrings)",
            field: "stop")
        for text in stop {
            try require(
                !text.isEmpty && text.utf8.count <= EngineLimits.maxStopBytes,
                "the length of a stop string", text.utf8.count,
                "between 1 and \(EngineLimits.maxStopBytes) bytes", field: "stop")
        }
        try require(
            stop.isEmpty || detokenize, "detokenize", detokenize,
            "true with stop strings, which are looked for in the text")
        try require(
            badWords.count <= EngineLimits.maxBadWords, "the number of bad words", badWords.count,
            "at most \(EngineLimits.maxBadWords)", field: "bad_words")
        for text in badWords {
            try require(
                !text.isEmpty && text.utf8.count <= EngineLimits.maxBadWordBytes,
                "the length of a bad word", text.utf8.count,
                "between 1 and \(EngineLimits.maxBadWordBytes) bytes", field: "bad_words")
        }
    }
}
