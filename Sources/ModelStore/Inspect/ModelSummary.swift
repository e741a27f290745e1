package import ModelFiles

/// What the header of a model file says, in the terms of the field. No weights are read.
///
/// Everything but the tensors is what the file claims: a value that is missing or of the wrong
/// type is nil here, and an error where the model is loaded.
package struct ModelSummary: Sendable {
    /// The tensors of one storage format.
    package struct FormatShare: Hashable, Sendable {
        /// The format's name, such as `Q4_K`.
        package let format: String
        /// Whether this build can compute with it.
        package let isSupported: Bool
        /// How many tensors are stored in it.
        package let tensorCount: Int
        /// Weights in those tensors.
        package let parameterCount: Int
        /// Bytes of those tensors.
        package let byteCount: Int
    }

    /// `general.architecture`.
    package let architecture: String?
    /// `general.name`.
    package let title: String?
    /// The mix of formats as the field calls it, such as `Q4_K_M`; else the format that holds
    /// most bytes.
    package let quantization: String
    /// Weights in all tensors.
    package let parameterCount: Int
    /// Bytes of all files.
    package let byteCount: Int
    /// Formats, the one with most bytes first.
    package let formats: [FormatShare]
    /// The longest context that the model was made for, in tokens.
    package let contextLength: Int?
    /// Layers.
    package let layerCount: Int?
    /// Width of the residual stream.
    package let embeddingLength: Int?
    /// Query heads, and key and value heads, of the first layer.
    package let heads: (query: Int, keyValue: Int)?
    /// Tokens that a layer with a sliding window attends to, where the file names one.
    package let slidingWindow: Int?
    /// Bytes of keys and values that one token adds in all layers, at 16 bits a value. Layers with
    /// a sliding window stop adding when the window is full.
    package let keyValueBytesPerToken: Int?
    /// How text becomes tokens.
    package let tokenizer: String?
    /// Tokens in the vocabulary.
    package let vocabularySize: Int?
    /// Whether the file carries a chat template.
    package let hasChatTemplate: Bool

    /// Reads a header.
    package init(_ file: any ModelDescription) {
        let values = LenientMetadata(file)
        let architecture = values.text("general.architecture")
        let prefix = (architecture ?? "") + "."
        self.architecture = architecture
        title = values.text("general.name")
        byteCount = file.byteCount
        let formats = Self.formats(of: file)
        self.formats = formats
        parameterCount = formats.reduce(0) { $0 + $1.parameterCount }
        quantization =
            values.integer("general.file_type").flatMap { Self.fileTypes[$0] }
            ?? formats.first?.format ?? "none"
        contextLength = values.integer(prefix + "context_length")
        layerCount = values.integer(prefix + "block_count")
        embeddingLength = values.integer(prefix + "embedding_length")
        slidingWindow = values.integer(prefix + "attention.sliding_window")
        let query = values.integers(prefix + "attention.head_count")?.first
        let keyValue = values.integers(prefix + "attention.head_count_kv")?.first ?? query
        heads = query.flatMap { query in keyValue.map { (query, $0) } }
        keyValueBytesPerToken = Self.keyValueBytes(values, prefix)
        tokenizer = Self.tokenizer(file, values)
        vocabularySize =
            values.count("tokenizer.ggml.tokens") ?? values.integer(prefix + "vocab_size")
        hasChatTemplate = ((try? file.chatTemplates()) ?? [:])["default"] != nil
    }

    private static func tokenizer(
        _ file: any ModelDescription, _ values: LenientMetadata
    ) -> String? {
        switch file.tokenizer {
        case .metadata: break
        case .json: return "tokenizer.json"
        case .sentencePiece: return "tokenizer.model"
        }
        return values.text("tokenizer.ggml.model").map { kind in
            let name = tokenizers[kind] ?? kind
            return values.text("tokenizer.ggml.pre").map { "\(name), \($0)" } ?? name
        }
    }

    private static func formats(of file: any ModelDescription) -> [FormatShare] {
        let tensors = file.tensorNames.compactMap(file.description(ofTensor:))
        return Dictionary(grouping: tensors, by: \.formatName).values.map { tensors in
            FormatShare(
                format: tensors[0].formatName, isSupported: tensors[0].format != nil,
                tensorCount: tensors.count,
                parameterCount: tensors.reduce(0) { $0 + $1.dimensions.reduce(1, *) },
                byteCount: tensors.reduce(0) { $0 + $1.byteCount })
        }.sorted { ($1.byteCount, $0.format) < ($0.byteCount, $1.format) }
    }

    /// 2 bytes x the widths of K and V x the heads of every layer that keeps its own.
    private static func keyValueBytes(_ values: LenientMetadata, _ prefix: String) -> Int? {
        guard let layers = values.integer(prefix + "block_count"), 1...100_000 ~= layers,
            let query = values.integers(prefix + "attention.head_count")?.first, query > 0,
            let heads = values.integers(prefix + "attention.head_count_kv") ?? [query] as [Int]?
        else { return nil }
        let share = values.integer(prefix + "embedding_length").map { $0 / query }
        guard let key = values.integer(prefix + "attention.key_length") ?? share,
            let value = values.integer(prefix + "attention.value_length") ?? share,
            heads.count == 1 || heads.count == layers,
            (heads + [key, value]).allSatisfy({ 0...1_000_000 ~= $0 })
        else { return nil }
        if let rank = values.integer(prefix + "attention.kv_lora_rank"), rank > 0 {
            return latentBytes(values, prefix, rank: rank)
        }
        let width = key + value
        let shared = values.integer(prefix + "attention.shared_kv_layers") ?? 0
        let local = values.integer(prefix + "attention.key_length_swa") ?? key
        let isLocal = values.flags(prefix + "attention.sliding_window_pattern") ?? []
        guard 0...layers ~= shared, 0...1_000_000 ~= local else { return nil }
        return (0..<layers - shared).reduce(0) { sum, layer in
            let isShort = isLocal.count == layers && isLocal[layer]
            return sum + 2 * (heads.count == 1 ? heads[0] : heads[layer])
                * (isShort && local != key ? 2 * local : width)
        }
    }

    /// 2 bytes x a latent vector and what is beside it of every layer that computes an answer.
    private static func latentBytes(
        _ values: LenientMetadata, _ prefix: String, rank: Int
    ) -> Int? {
        guard let layers = values.integer(prefix + "block_count"),
            let rotated = values.integer(prefix + "rope.dimension_count"),
            0...1_000_000 ~= rank, 0...1_000_000 ~= rotated
        else { return nil }
        let guessing = values.integer(prefix + "nextn_predict_layers") ?? 0
        guard 0..<layers ~= guessing else { return nil }
        return 2 * (layers - guessing) * (rank + rotated)
    }

    private static let tokenizers = [
        "llama": "SentencePiece-style BPE", "gpt2": "byte-level BPE", "bert": "WordPiece",
        "t5": "Unigram", "rwkv": "RWKV",
    ]

    /// The values of `general.file_type` that the GGUF specification names.
    private static let fileTypes = [
        0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 7: "Q8_0", 8: "Q5_0", 9: "Q5_1", 10: "Q2_K",
        11: "Q3_K_S", 12: "Q3_K_M", 13: "Q3_K_L", 14: "Q4_K_S", 15: "Q4_K_M", 16: "Q5_K_S",
        17: "Q5_K_M", 18: "Q6_K", 25: "IQ4_NL", 30: "IQ4_XS", 32: "BF16", 38: "MXFP4",
    ]
}

/// Metadata for display: what is missing or of another type is nil.
private struct LenientMetadata {
    private let source: any ParameterSource

    init(_ source: any ParameterSource) { self.source = source }

    func text(_ key: String) -> String? {
        guard case .string(let bytes)? = source.parameter(key) else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    func integer(_ key: String) -> Int? { source.parameter(key)?.integer }

    /// An array of integers, or one integer that stands for all layers.
    func integers(_ key: String) -> [Int]? {
        integer(key).map { [$0] } ?? array(key)?.integers
    }

    /// An array of truth values.
    func flags(_ key: String) -> [Bool]? {
        guard let array = array(key), array.count <= 100_000 else { return nil }
        let flags = (0..<array.count).compactMap { index -> Bool? in
            if case .bool(let flag) = array[index] { flag } else { nil }
        }
        return flags.count == array.count ? flags : nil
    }

    func count(_ key: String) -> Int? { array(key)?.count }

    private func array(_ key: String) -> GGUFArray? {
        guard case .array(let array)? = source.parameter(key) else { return nil }
        return array
    }
}
