import QuireEngine
import QuireIdentifiers
import QuireJSON

extension SamplingParameters {
    /// The sampling parameters of llama-server's own interface, with its defaults.
    ///
    /// - Parameter ignored: gains the names of what is not kept to.
    init(infill reader: inout MemberReader, _ ignored: inout [String]) throws(RequestError) {
        try self.init(llamaNames: &reader, .infill)
        ignoreEOS = try reader.bool("ignore_eos") ?? false
        logitBias = try Self.logitBias(&reader)
        let wanted = try reader.integer("n_predict", from: -2)
        let other = try reader.integer("max_tokens", from: -2)
        maxTokens = (wanted ?? other).flatMap { $0 < 0 ? nil : $0 }
        try readSamplers(&reader, &ignored)
        try Self.refuseOthers(&reader)
        // Times and the indentation end an answer earlier; without them it is only longer.
        for name in ["t_max_prompt_ms", "t_max_predict_ms", "n_indent"]
        where try reader.integer(name, from: -1) ?? 0 > 0 {
            ignored.append(name)
        }
    }

    /// The transforms of the probabilities that are wanted: others are off, and what is not there
    /// is named.
    private mutating func readSamplers(
        _ reader: inout MemberReader, _ ignored: inout [String]
    ) throws(RequestError) {
        let names = try reader.read("samplers", "a list of names") { value in
            MemberReader.all(value) { $0.string }
        }
        guard let names else { return }
        if !names.contains("temperature") { temperature = 1 }
        if !names.contains("top_k") { topK = 0 }
        if !names.contains("top_p") { topP = 1 }
        if !names.contains("min_p") { minP = 0 }
        if !names.contains("penalties") {
            (presencePenalty, frequencyPenalty, repetitionPenalty) = (0, 0, 1)
        }
        // Those that this interface has off unless another member turns them on, which is refused.
        let known: Set = [
            "temperature", "top_k", "top_p", "min_p", "penalties", "dry", "xtc", "typ_p",
            "typical_p", "top_n_sigma",
        ]
        if !known.isSuperset(of: names) { ignored.append("samplers") }
    }

    /// What would change the answer; values that change nothing pass.
    private static func refuseOthers(_ reader: inout MemberReader) throws(RequestError) {
        for name in [
            "mirostat", "dynatemp_range", "xtc_probability", "dry_multiplier", "n_probs",
        ] {
            try reader.refuse(name, unless: "0") { $0.double == 0 }
        }
        try reader.refuse("typical_p", unless: "1") { $0.double == 1 }
        try reader.refuse("top_n_sigma", unless: "-1") { ($0.double ?? 1) <= 0 }
        for name in ["grammar", "lora", "image_data"] {
            try reader.refuse(name, unless: "an empty one") { $0 == "" || $0 == [] }
        }
        try reader.refuse(["json_schema"])
    }
}

extension HarmlessFields {
    /// Of llama-server's own interface: where and how it computes, what it caches, and parts of
    /// transforms that are off.
    package static let infill: [String: Kind] = [
        "cache_prompt": .flag, "id_slot": .number, "n_keep": .number, "n_discard": .number,
        "timings_per_token": .flag, "post_sampling_probs": .flag, "min_keep": .number,
        "n_cache_reuse": .number, "mirostat_tau": .number, "mirostat_eta": .number,
        "dynatemp_exponent": .number, "xtc_threshold": .number, "dry_base": .number,
        "dry_allowed_length": .number, "dry_penalty_last_n": .number,
    ]
}
