import QuireEngine
import QuireIdentifiers
import QuireJSON

extension SamplingParameters {
    /// The sampling parameters of a request, under the names and with the defaults of the OpenAI
    /// interface. Their ranges are checked by `validate`; `maxTokens` is left to the request.
    init(_ reader: inout MemberReader) throws(RequestError) {
        self.init(
            temperature: try reader.double("temperature") ?? SamplingDefaults.batch.temperature)
        topP = try reader.double("top_p") ?? 1
        topK = try reader.integer("top_k") ?? 0
        minP = try reader.double("min_p") ?? SamplingDefaults.batch.minP
        n = try reader.integer("n") ?? 1
        bestOf = try reader.integer("best_of")
        minTokens = try reader.integer("min_tokens") ?? 0
        presencePenalty = try reader.double("presence_penalty") ?? 0
        frequencyPenalty = try reader.double("frequency_penalty") ?? 0
        repetitionPenalty = try reader.double("repetition_penalty") ?? 1
        logitBias = try Self.logitBias(&reader)
        allowedTokens = try reader.tokens("allowed_token_ids")
        badWords = try reader.strings("bad_words") ?? []
        seed = try reader.integer("seed").flatMap { Seed(Int64($0)).value }
        logprobs = try reader.integer("logprobs")
        promptLogprobs = try reader.integer("prompt_logprobs")
        logprobTokens = try reader.tokens("logprob_token_ids")
        ignoreEOS = try reader.bool("ignore_eos") ?? false
        stop = try reader.strings("stop") ?? []
        stopTokens = Set(try reader.tokens("stop_token_ids") ?? [])
        includeStopString = try reader.bool("include_stop_str_in_output") ?? false
        detokenize = try reader.bool("detokenize") ?? true
        skipSpecialTokens = try reader.bool("skip_special_tokens") ?? true
        skipReadingPrefixCache = try reader.bool("skip_reading_prefix_cache") ?? false
        repetitionDetection = try Self.repetitionDetection(&reader)
    }

    private static func logitBias(
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
        var members = try MemberReader(value, name: "repetition_detection")
        let rule = RepetitionDetection(
            maxPatternSize: try members.integer("max_pattern_size") ?? 0,
            minPatternSize: try members.integer("min_pattern_size") ?? 0,
            minCount: try members.integer("min_count") ?? 0)
        try members.finish()
        return rule
    }
}
