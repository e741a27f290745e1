import QuireJSON

/// `config.json` as hyper-parameters with the names that GGUF gives them.
///
/// Every key is read, or known to change nothing, or listed under its own name behind the
/// architecture's, so that what reads the model can refuse it by that.
struct HubConfiguration {
    let family: HubFamily
    /// The hyper-parameters in order: full keys and values.
    private(set) var parameters: [(key: String, value: GGUFValue)] = []
    /// Tensors that follow from the configuration.
    private(set) var tensors: [String: [Float]] = [:]
    /// Whether logits are products with the embedding.
    private(set) var isTied = true
    /// Ids of tokens that end an answer.
    private(set) var endTokens: [Int] = []

    private var prefix: String { family.architecture + "." }

    init(_ tree: JSONValue, path: String, name: String) throws(ModelFileError) {
        var outer = try HubReader(tree, path: path)
        if let quantization = try outer.object("quantization_config") {
            throw outer.error(
                .unsupportedFormat, "quantization_config",
                "says that the weights are stored by '"
                    + (quantization.peek("quant_method")?.string ?? "?")
                    + "', which is not read here; take a model in BF16, F16 or F32, or a GGUF file")
        }
        let outerType = try outer.text("model_type")
        // The text part of a model that sees too.
        var reader = try outer.object("text_config") ?? outer
        let isNested = !reader.prefix.isEmpty
        guard let type = try reader.text("model_type") ?? outerType else {
            throw outer.missing("model_type")
        }
        guard let family = HubFamily.named(type) else {
            throw outer.error(
                .unsupportedFormat, "model_type",
                "is '\(type.prefix(80))', which is not supported; supported are "
                    + HubFamily.supported.joined(separator: ", "))
        }
        self.family = family
        reader.defaults = family.defaults
        endTokens = try HubTokens.ids(&outer, "eos_token_id")
        parameters = [
            ("general.architecture", .text(family.architecture)), ("general.name", .text(name)),
        ]
        try readCommon(&reader)
        try readActivation(&reader)
        try readAttention(&reader)
        try readRotation(&reader)
        let isTied = try reader.flag("tie_word_embeddings") ?? true
        self.isTied = try (isNested ? outer.flag("tie_word_embeddings") : nil) ?? isTied
        noteUnread(reader)
        if isNested { noteUnread(outer) }
    }

    private mutating func noteUnread(_ reader: HubReader) {
        for key in reader.unread
        where !HubNeutral.contains(key) && !family.neutral.contains(key) {
            set(reader.prefix + key, .text("unread"))
        }
    }

    /// Gives a hyper-parameter of the architecture its value.
    private mutating func set(_ name: String, _ value: GGUFValue) {
        parameters.append((prefix + name, value))
    }

    private mutating func set(_ name: String, _ value: Double?) {
        if let value { set(name, .float64(value)) }
    }

    private mutating func set(_ name: String, _ value: Int?) {
        if let value { set(name, .int64(Int64(value))) }
    }
}

extension HubConfiguration {
    private mutating func readCommon(_ reader: inout HubReader) throws(ModelFileError) {
        for parameter in HubParameter.common + family.parameters {
            switch parameter.form {
            case .count: set(parameter.name, try reader.count(parameter.key))
            case .positive: set(parameter.name, try reader.positive(parameter.key))
            case .flag:
                if let flag = try reader.flag(parameter.key) { set(parameter.name, .bool(flag)) }
            }
        }
        guard try reader.flag("is_encoder_decoder") != true else {
            throw reader.error(
                .unsupportedFormat, "is_encoder_decoder", "is true; only decoders are run here")
        }
    }

    private func readActivation(_ reader: inout HubReader) throws(ModelFileError) {
        let keys = ["hidden_activation", "hidden_act"].filter { !family.neutral.contains($0) }
        for key in keys {
            guard let name = try reader.text(key), !family.activations.contains(name) else {
                continue
            }
            throw reader.error(
                .unsupportedFormat, key,
                "is '\(name.prefix(80))'; the architecture's is "
                    + family.activations.sorted().joined(separator: " or "))
        }
    }

    /// The scale of scores, and which layers see how far.
    private mutating func readAttention(_ reader: inout HubReader) throws(ModelFileError) {
        if let width = try reader.positive("query_pre_attn_scalar") {
            set("attention.scale", 1 / width.squareRoot())
        }
        if try reader.flag("use_bidirectional_attention") == true {
            set("attention.causal", .bool(false))
        }
        let types = try reader.texts("layer_types")
        let layers = try reader.count("num_hidden_layers") ?? 0
        // Qwen's files have a window that is switched off.
        let isOff = try reader.flag("use_sliding_window") == false
        let window = try reader.count("sliding_window")
        let firstLocal = try reader.integer("max_window_layers")
        try checkUnturned(&reader, layers: layers)
        // A list of layers says more than a pattern, which some write in letters.
        let period = types == nil ? try reader.count("sliding_window_pattern") : nil
        _ = reader.value("sliding_window_pattern")
        if let types {
            guard types.count == layers else {
                throw reader.error(
                    .outOfRange, "layer_types",
                    "has \(types.count) elements for \(layers) layers")
            }
            for type in Set(types).sorted()
            where !["full_attention", "sliding_attention"].contains(type) {
                throw reader.error(
                    .unsupportedFormat, "layer_types",
                    "has '\(type.prefix(80))'; full_attention and sliding_attention are read")
            }
        }
        guard let window, !isOff else {
            guard types?.contains("sliding_attention") != true else {
                throw reader.missing("sliding_window")
            }
            return
        }
        var isLocal = types?.map { $0 == "sliding_attention" }
        if isLocal == nil, try reader.flag("use_sliding_window") == true, let firstLocal {
            isLocal = (0..<min(layers, ModelFileLimits.layers)).map { $0 >= firstLocal }
        }
        let isEverywhere = isLocal?.contains(false) == false
        if isLocal?.contains(true) == false, !family.hasWindowPattern { return }
        set("attention.sliding_window", window)
        guard let isLocal else { return set("attention.sliding_window_pattern", period) }
        if isEverywhere, !family.hasWindowPattern { return }
        let flags = isLocal.map { Int32($0 ? 1 : 0) }
        set("attention.sliding_window_pattern", .array(GGUFArray(int32s: flags)))
    }

    /// Refuses layers without positions in other places than the architecture has them.
    private func checkUnturned(
        _ reader: inout HubReader, layers: Int
    ) throws(ModelFileError) {
        guard let period = family.unturnedPeriod else { return }
        let interval = try reader.count("no_rope_layer_interval") ?? period
        let list = try reader.numbers("no_rope_layers")
        let agrees =
            list.map { list in
                list.count == layers
                    && list.enumerated().allSatisfy {
                        $0.element == (($0.offset + 1).isMultiple(of: period) ? 0 : 1)
                    }
            } ?? (interval == period)
        guard agrees else {
            throw reader.error(
                .unsupportedFormat, list == nil ? "no_rope_layer_interval" : "no_rope_layers",
                "must name every \(period)th layer")
        }
    }

    private mutating func readRotation(_ reader: inout HubReader) throws(ModelFileError) {
        let rotation = try HubRotation(&reader)
        set("rope.freq_base", rotation.base)
        set("rope.freq_base_swa", rotation.localBase)
        set("rope.dimension_count", rotation.dimension)
        for (name, value) in rotation.parameters { set(name, value) }
        tensors = rotation.tensors
        if family.hasPairedHalves { set("tensor_data_layout", .text("reference")) }
    }
}
