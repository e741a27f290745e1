import KVCache

/// Mistral AI's models: a sliding window, and the mixtures.
extension ModelCatalogue {
    private static func mixtral(
        _ name: String, _ layers: Int, _ hidden: Int, _ heads: AttentionHeads, _ width: Int,
        context: Int, vocabulary: Int, _ source: String
    ) -> Entry {
        Entry(
            shape: .llama(
                name, layers: layers, hidden: hidden, heads: heads,
                feedForward: .experts(.init(count: 8, used: 2, width: width)),
                vocabulary: vocabulary, context: context),
            source: source)
    }

    /// Jiang et al., Mistral 7B (arXiv 2310.06825), table 1: version 0.1, with the window.
    private static var mistral7B: ModelShape {
        var variant = ModelShape.LlamaVariant()
        variant.span = { _ in .slidingWindow(4096) }
        return .llama(
            "mistral-7b", layers: 32, hidden: 4096, heads: heads(32, 8, 128),
            feedForward: gated(14_336), vocabulary: 32_000, context: 32_768, variant)
    }

    static let mistral: [Entry] = [
        Entry(shape: mistral7B, source: "arXiv 2310.06825, table 1 (version 0.1)"),
        mixtral(
            "mixtral-8x7b", 32, 4096, heads(32, 8, 128), 14_336, context: 32_768,
            vocabulary: 32_000, "arXiv 2401.04088, table 1"),
        mixtral(
            "mixtral-8x22b", 56, 6144, heads(48, 8, 128), 16_384, context: 65_536,
            vocabulary: 32_000, "config.json of mistralai/Mixtral-8x22B-v0.1"),
    ]
}
