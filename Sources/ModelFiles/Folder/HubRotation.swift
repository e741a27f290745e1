import QuireJSON
import Tensors

/// The rotary positions that `config.json` tells of, in the terms of GGUF.
///
/// Up to version 4 of `transformers` the keys stand by themselves (`rope_theta`, `rope_scaling`,
/// `partial_rotary_factor`); from 5 on they are in `rope_parameters`, which may have an object for
/// each kind of layer.
struct HubRotation {
    private(set) var base: Double?
    private(set) var localBase: Double?
    /// How many values of a head are turned, where that is not all.
    private(set) var dimension: Int?
    private(set) var parameters: [(String, GGUFValue)] = []
    private(set) var tensors: [String: [Float]] = [:]

    private let headDimension: Int
    private let context: Int

    init(_ reader: inout HubReader) throws(ModelFileError) {
        let heads = try reader.count("num_attention_heads") ?? 1
        let width = try reader.count("hidden_size") ?? 0
        headDimension = try reader.count("head_dim") ?? width / heads
        context = try reader.count("max_position_embeddings") ?? 0
        base = try reader.positive("rope_theta")
        localBase = try reader.positive("rope_local_base_freq")
        try readDimension(&reader)
        if var rules = try reader.object("rope_scaling") { try read(&rules, &reader) }
        guard var rules = try reader.object("rope_parameters") else { return }
        let kinds = ["full_attention", "sliding_attention"]
        guard rules.keys.contains(where: kinds.contains) else {
            try read(&rules, &reader)
            return
        }
        if var global = try rules.object(kinds[0]) { try read(&global, &reader) }
        if var local = try rules.object(kinds[1]) {
            localBase = try local.positive("rope_theta") ?? localBase
            guard try local.text("rope_type") ?? "default" == "default" else {
                throw local.error(
                    .unsupportedFormat, "rope_type", "must be 'default' for layers with a window")
            }
            try refuseUnread(local)
        }
        try refuseUnread(rules)
    }

    private mutating func readDimension(_ reader: inout HubReader) throws(ModelFileError) {
        guard let factor = try reader.positive("partial_rotary_factor") else { return }
        guard factor <= 1 else {
            throw reader.error(.outOfRange, "partial_rotary_factor", "is \(factor), above 1")
        }
        dimension = Int(factor * Double(headDimension))
    }

    /// One rule, which must not say anything that is not read.
    private mutating func read(
        _ rules: inout HubReader, _ reader: inout HubReader
    ) throws(ModelFileError) {
        base = try rules.positive("rope_theta") ?? base
        if rules.keys.contains("partial_rotary_factor") { try readDimension(&rules) }
        let old = try rules.text("type")
        let kind = try rules.text("rope_type") ?? old ?? "default"
        switch kind {
        case "default": break
        case "linear":
            set("rope.scaling.type", .text("linear"))
            set("rope.scaling.factor", .float64(try required("factor", &rules)))
        case "llama3": try readLlama3(&rules)
        case "yarn": try readYaRN(&rules, &reader)
        case "longrope", "su": try readLongRoPE(&rules, &reader)
        default:
            throw rules.error(
                .unsupportedFormat, old == nil ? "rope_type" : "type",
                "is '\(kind.prefix(80))'; default, linear, llama3, yarn and longrope are read")
        }
        try refuseUnread(rules)
    }

    /// Llama 3.1's rule as a divisor for each pair, which is what GGUF files have of it.
    private mutating func readLlama3(_ rules: inout HubReader) throws(ModelFileError) {
        let factor = try required("factor", &rules)
        let low = try required("low_freq_factor", &rules)
        let high = try required("high_freq_factor", &rules)
        let trained = try required("original_max_position_embeddings", &rules)
        guard high > low else {
            throw rules.error(.outOfRange, "high_freq_factor", "must be above low_freq_factor")
        }
        let turned = dimension ?? headDimension
        guard turned <= ModelFileLimits.rotaryDimension else {
            throw rules.error(.tooLarge, "factor", "of heads of \(turned) values")
        }
        tensors["rope_freqs.weight"] = (0..<turned / 2).map { pair in
            let power = Double(2 * pair) / Double(turned)
            let wavelength = 2 * Double.pi * Elementary.power(base ?? 10_000, power)
            if wavelength < trained / high { return 1 }
            if wavelength > trained / low { return Float(factor) }
            let keep = (trained / wavelength - low) / (high - low)
            return Float(1 / ((1 - keep) / factor + keep))
        }
    }

    private mutating func readYaRN(
        _ rules: inout HubReader, _ reader: inout HubReader
    ) throws(ModelFileError) {
        let own = try rules.count("original_max_position_embeddings")
        let outer = try reader.count("original_max_position_embeddings")
        let trained = own ?? outer ?? context
        let factor = try rules.positive("factor") ?? Double(context) / Double(max(trained, 1))
        set("rope.scaling.type", .text("yarn"))
        set("rope.scaling.factor", .float64(factor))
        set("rope.scaling.original_context_length", .int64(Int64(trained)))
        for (key, name) in [("beta_fast", "yarn_beta_fast"), ("beta_slow", "yarn_beta_slow")] {
            if let value = try rules.positive(key) {
                set("rope.scaling.\(name)", .float64(value))
            }
        }
        // GGUF's factor multiplies the one of the paper.
        func paper(_ scale: Double) -> Double {
            factor <= 1 ? 1 : 0.1 * scale * Elementary.log(factor) + 1
        }
        let (scale, all) = (try rules.number("mscale"), try rules.number("mscale_all_dim"))
        var magnitude = try rules.positive("attention_factor")
        if magnitude == nil, let scale, let all, scale != 0, all != 0 {
            magnitude = paper(scale) / paper(all)
        }
        if let magnitude { set("rope.scaling.attn_factor", .float64(magnitude / paper(1))) }
        guard try rules.flag("truncate") != false else {
            throw rules.error(
                .unsupportedFormat, "truncate", "is false; ramps between whole pairs are read")
        }
    }

    private mutating func readLongRoPE(
        _ rules: inout HubReader, _ reader: inout HubReader
    ) throws(ModelFileError) {
        let own = try rules.count("original_max_position_embeddings")
        let outer = try reader.count("original_max_position_embeddings")
        guard let trained = own ?? outer else {
            throw reader.missing("original_max_position_embeddings")
        }
        for (key, name) in [("short_factor", "short"), ("long_factor", "long")] {
            guard let divisors = try rules.numbers(key) else { throw rules.missing(key) }
            tensors["rope_factors_\(name).weight"] = divisors.map { Float($0) }
        }
        let stretch = try rules.positive("factor") ?? Double(context) / Double(trained)
        let paper =
            stretch <= 1
            ? 1
            : (1 + Elementary.log(stretch) / Elementary.log(Double(trained)))
                .squareRoot()
        set("rope.scaling.type", .text("longrope"))
        set("rope.scaling.original_context_length", .int64(Int64(trained)))
        set(
            "rope.scaling.attn_factor",
            .float64(try rules.positive("attention_factor") ?? paper))
    }

    private mutating func set(_ name: String, _ value: GGUFValue) {
        parameters.append((name, value))
    }

    private func required(
        _ key: String, _ rules: inout HubReader
    ) throws(ModelFileError) -> Double {
        guard let value = try rules.positive(key) else { throw rules.missing(key) }
        return value
    }

    private func refuseUnread(_ rules: HubReader) throws(ModelFileError) {
        guard let key = rules.unread.first else { return }
        throw rules.error(
            .unsupportedFormat, key, "is not read here and may change what the model computes")
    }
}
