import KVCache
import Planning

extension PlanNumbers {
    /// The model that the numbers describe.
    ///
    /// - Returns: its shape, its number of weights if that can be told, and whether all dimensions
    ///   are known.
    /// - Throws: `PlanningError` that names what is missing.
    func shape() throws -> (shape: ModelShape, parameters: Int?, isComplete: Bool) {
        guard let layers else { throw missing("--layers") }
        let attention = try attention()
        let isComplete = hidden != nil && ffn != nil && vocab != nil && heads != nil
        let width = hidden ?? 0
        let layer = LayerShape(
            attention: attention, feedForward: feedForward, vectors: 2 * width)
        let shape = ModelShape(
            name: "a model by its numbers",
            layers: (0..<layers).map { index in
                var layer = layer
                if let window, globalEvery.map({ (index + 1) % $0 != 0 }) ?? true {
                    layer.span = .slidingWindow(window)
                }
                return layer
            },
            hidden: width, vocabulary: vocab ?? 0, isTied: tied, vectors: width, contextLength: 0)
        guard roughParameters(layers: layers) <= Double(PlanningLimits.parameters) else {
            throw PlanningError(
                "these dimensions make more weights than any model has; look for a number that is "
                    + "too large.")
        }
        guard isComplete else { return (shape, params?.count, false) }
        return (shape, params?.count ?? shape.parameters, true)
    }

    private var feedForward: FeedForwardShape {
        guard let experts, let expertsUsed else { return .dense(width: ffn ?? 0, isGated: true) }
        return .experts(.init(count: experts, used: expertsUsed, width: ffn ?? 0))
    }

    /// Elements of a head's value, and of its key without the rotary part, of latent attention: as
    /// in all models of this kind so far.
    private static let latentHead = 128

    /// What is taken for granted of the model, for a person.
    var assumptions: [String] {
        guard kvLoraRank != nil else { return [] }
        return [
            "values, and keys without their rotary part, are taken to have \(Self.latentHead) "
                + "elements a head, and queries to have no latent vector of their own"
        ]
    }

    private func attention() throws -> AttentionShape {
        if let kvLoraRank, let ropeDim {
            return .latent(
                LatentAttention(
                    query: heads ?? 1, queryRank: nil, rank: kvLoraRank,
                    plain: Self.latentHead, rope: ropeDim, value: Self.latentHead))
        }
        guard let keyValue = kvHeads ?? heads else { throw missing("--heads, or --kv-heads") }
        let query = heads ?? keyValue
        guard query.isMultiple(of: keyValue) else {
            throw PlanningError(
                "--heads is \(query), which is no multiple of --kv-heads \(keyValue).")
        }
        if let headDim {
            return .heads(AttentionHeads(query: query, keyValue: keyValue, dimension: headDim))
        }
        guard let hidden, let heads else { throw missing("--head-dim, or --hidden and --heads") }
        guard hidden.isMultiple(of: heads) else {
            throw PlanningError(
                "--hidden \(hidden) cannot be shared out over \(heads) heads; give --head-dim.")
        }
        return .heads(AttentionHeads(query: heads, keyValue: keyValue, dimension: hidden / heads))
    }

    private func missing(_ options: String) -> PlanningError {
        PlanningError(
            "Name a model, such as llama-3.1-8b, or give its numbers: \(options) is missing.")
    }

    /// The number of weights, roughly, and without overflowing.
    private func roughParameters(layers: Int) -> Double {
        let (width, wide) = (Double(hidden ?? 0), Double(ffn ?? 0))
        let head = Double(headDim ?? 128) + Double(kvLoraRank ?? 0)
        let attention = 4 * width * Double(heads ?? 0) * head
        let experts = Double(experts ?? 1)
        return Double(layers) * (attention + 3 * width * wide * experts)
            + 2 * width * Double(vocab ?? 0)
    }
}
