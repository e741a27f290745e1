import KVCache

/// Models that are alone in what they do: one head of keys and values, and sinks.
extension ModelCatalogue {
    static let others: [Entry] = [
        Entry(shape: falcon7B, source: "arXiv 2311.16867 and config.json of tiiuae/falcon-7b"),
        Entry(shape: gptOSS("gpt-oss-20b", layers: 24, experts: 32), source: gptOSSSource),
        Entry(shape: gptOSS("gpt-oss-120b", layers: 36, experts: 128), source: gptOSSSource),
    ]

    /// Multi-query attention; attention and network share one layer norm, no biases.
    private static var falcon7B: ModelShape {
        let hidden = 4544
        let layer = LayerShape(
            attention: .heads(heads(71, 1, 64)),
            feedForward: .dense(width: 4 * hidden, isGated: false), vectors: 2 * hidden)
        return ModelShape(
            name: "falcon-7b", layers: Array(repeating: layer, count: 32), hidden: hidden,
            vocabulary: 65_024, isTied: true, vectors: 2 * hidden, contextLength: 2048)
    }

    private static let gptOSSSource = "arXiv 2508.10925 and config.json of openai/gpt-oss-*"

    /// Every other layer sees 128 tokens; biases everywhere, a sink for every head.
    private static func gptOSS(_ name: String, layers: Int, experts: Int) -> ModelShape {
        let (hidden, width) = (2880, 2880)
        let attention = heads(64, 8, 64)
        let projections = (attention.query + 2 * attention.keyValue) * attention.dimension + hidden
        let networks = experts * (2 * width + hidden) + experts
        return ModelShape(
            name: name,
            layers: (0..<layers).map { layer in
                LayerShape(
                    span: layer % 2 == 0 ? .slidingWindow(128) : .full,
                    attention: .heads(attention),
                    feedForward: .experts(.init(count: experts, used: 4, width: width)),
                    vectors: 2 * hidden + projections + networks + attention.query)
            },
            hidden: hidden, vocabulary: 201_088, isTied: false, vectors: hidden,
            contextLength: 131_072)
    }
}
