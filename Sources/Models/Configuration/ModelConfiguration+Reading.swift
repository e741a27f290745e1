import KVCache
package import ModelFiles
import Tensors

extension ModelConfiguration {
    /// Reads and checks the hyper-parameters of a model.
    ///
    /// - Parameter source: An open file; only its parameters and tensor directory are read.
    /// - Throws: `ModelError` that names the key or tensor: `unsupportedArchitecture` with the
    ///   list of supported ones, `missingParameter`, `invalidParameter`, `unsupportedFeature`,
    ///   `missingTensor` or `invalidTensor`.
    package init(_ source: any ModelSource) throws(ModelError) {
        try self.init(HyperParameters(source))
    }

    /// Reads and checks hyper-parameters, which note what was read.
    init(_ parameters: HyperParameters) throws(ModelError) {
        self = try Architectures.named(parameters.architecture).configuration(parameters)
    }

    /// What all architectures have in common, as the names of most of their keys are; the
    /// architecture's own file changes what differs.
    ///
    /// - Parameters:
    ///   - p: The hyper-parameters.
    ///   - pairing: Which values of a head rotary positions pair.
    ///   - norm: The kind of all norms.
    ///   - knowsExperts: Whether the architecture reads what is said of experts; if not, they are
    ///     refused.
    ///   - headDimension: The dimension of a head, where it has been read.
    init(
        common p: HyperParameters, pairing: RotaryStyle, norm: Norm.Kind = .rms,
        knowsExperts: Bool = false, headDimension: Int? = nil
    ) throws(ModelError) {
        if !knowsExperts { try p.refuseExperts() }
        let widths = 1...ModelLimits.maximumWidth
        let layerCount = try p.integer("block_count", in: 1...ModelLimits.maximumLayers)
        embeddingLength = try p.integer("embedding_length", in: widths)
        let headCounts = try Self.required(
            p.layerIntegers(
                "attention.head_count", layers: layerCount, in: 1...ModelLimits.maximumHeads),
            p, "attention.head_count")
        let kvHeadCounts =
            try p.layerIntegers(
                "attention.head_count_kv", layers: layerCount, in: 1...ModelLimits.maximumHeads)
            ?? headCounts
        let feedForwardLengths = try Self.required(
            p.layerIntegers("feed_forward_length", layers: layerCount, in: widths),
            p, "feed_forward_length")
        contextLength = try p.integer("context_length", in: 1...ModelLimits.maximumContext)
        self.norm = NormRule(kind: norm, epsilon: Float(try p.number(norm.epsilonKey)))
        let headDimension = try Self.headDimension(
            p, given: headDimension, embedding: embeddingLength, heads: headCounts[0])
        vocabularySize = try Self.vocabularySize(p, embedding: embeddingLength)

        architecture = p.architecture
        name = p.source.parameter("general.name")?.text
        embeddingScale = Float(try p.optionalFactor("embedding_scale") ?? 1)
        logitCap = try p.optionalFactor("final_logit_softcapping").map { Float($0) }
        ropes = [
            try RopeParameters(p, headDimension: headDimension, pairing: pairing, base: 10_000)
        ]
        let scale = try p.optionalFactor("attention.scale").map { Float($0) }
        layers = (0..<layerCount).map {
            LayerShape(
                headCount: headCounts[$0], kvHeadCount: kvHeadCounts[$0],
                headDimension: headDimension, feedForwardLength: feedForwardLengths[$0],
                attentionScale: scale ?? 1 / Float(headDimension).squareRoot())
        }
        // Rounding the inputs of Q and K moves log-probabilities more than all other rounding
        // together, most of all where single activations stand out.
        refinement.queryKeyValue = .outliers(above: 8)
        // What the gate lets through has outliers: refining them takes a quarter of the mean
        // difference away (Qwen2.5-Coder 0.5B, six prompts), at no cost that could be measured.
        refinement.down = .outliers(above: 12)

        for layer in layers where !layer.headCount.isMultiple(of: layer.kvHeadCount) {
            throw ModelError(
                .invalidParameter, subject: p.key("attention.head_count_kv"),
                "is \(layer.kvHeadCount), which does not divide the \(layer.headCount) query "
                    + "heads; " + HyperParameters.convertAnew)
        }
    }

    /// Gives all layers a window.
    mutating func setWindow(_ window: Int) {
        forEachLayer { $0.span = .slidingWindow(window) }
    }

    /// Gives a window to the layers that the file says, or to all but every n-th.
    mutating func setWindow(
        _ window: Int, _ p: HyperParameters, layersPerGlobal: Int
    ) throws(ModelError) {
        let isLocal = try p.layerFlags("attention.sliding_window_pattern", layers: layerCount)
        for layer in layers.indices
        where isLocal?[layer] ?? !(layer + 1).isMultiple(of: layersPerGlobal) {
            layers[layer].span = .slidingWindow(window)
        }
    }

    private static func required(
        _ value: [Int]?, _ p: HyperParameters, _ name: String
    ) throws(ModelError) -> [Int] {
        guard let value else {
            throw ModelError(
                .missingParameter, subject: p.key(name),
                "is not in the file, and the architecture needs it; "
                    + HyperParameters.convertAnew)
        }
        return value
    }

    /// The dimension of a head: the file's own, or the embedding shared out over the heads.
    private static func headDimension(
        _ p: HyperParameters, given: Int?, embedding: Int, heads: Int
    ) throws(ModelError) -> Int {
        if let given { return given }
        let range = 1...ModelLimits.maximumHeadDimension
        let key = try p.optionalInteger("attention.key_length", in: range)
        let value = try p.optionalInteger("attention.value_length", in: range)
        if key == nil && value == nil {
            guard embedding.isMultiple(of: heads), range.contains(embedding / heads) else {
                throw ModelError(
                    .invalidParameter, subject: p.key("attention.head_count"),
                    "is \(heads), which does not divide the embedding length \(embedding) into "
                        + "heads of at most \(ModelLimits.maximumHeadDimension) values; "
                        + HyperParameters.convertAnew)
            }
        }
        let shared = embedding / heads
        guard (key ?? shared) == (value ?? shared) else {
            throw ModelError(
                .unsupportedFeature, subject: p.key("attention.value_length"),
                "is \(value ?? shared) but keys have \(key ?? shared) values a head; heads of "
                    + "unequal keys and values are not supported")
        }
        return try p.optionalInteger("attention.key_length", in: range) ?? shared
    }

    /// The rows of the embedding matrix, which must agree with the tokenizer's list of tokens.
    private static func vocabularySize(
        _ p: HyperParameters, embedding: Int
    ) throws(ModelError) -> Int {
        let tensorName = "token_embd.weight"
        guard let tensor = p.source.description(ofTensor: tensorName) else {
            throw ModelError(
                .missingTensor, subject: tensorName,
                "the embedding matrix is not in the file; " + HyperParameters.convertAnew)
        }
        guard tensor.dimensions.count == 2, tensor.dimensions[0] == embedding else {
            throw ModelError(
                .invalidTensor, subject: tensorName,
                "has the dimensions \(tensor.dimensions) but "
                    + "\(p.key("embedding_length")) is \(embedding); "
                    + HyperParameters.convertAnew)
        }
        let rows = tensor.dimensions[1]
        guard (1...ModelLimits.maximumVocabulary).contains(rows) else {
            throw ModelError(
                .invalidTensor, subject: tensorName,
                "has \(rows) rows but must have from 1 to \(ModelLimits.maximumVocabulary)")
        }
        let tokensKey = "tokenizer.ggml.tokens"
        if let tokens = p.source.parameter(tokensKey) {
            guard case .array(let list) = tokens, list.strings?.count == rows else {
                throw ModelError(
                    .invalidParameter, subject: tokensKey,
                    "must list as many tokens as \(tensorName) has rows (\(rows)); "
                        + HyperParameters.convertAnew)
            }
        }
        if let stated = try p.optionalInteger("vocab_size", in: 1...Int(Int32.max)), stated != rows
        {
            throw ModelError(
                .invalidParameter, subject: p.key("vocab_size"),
                "is \(stated) but \(tensorName) has \(rows) rows; "
                    + HyperParameters.convertAnew)
        }
        return rows
    }
}
