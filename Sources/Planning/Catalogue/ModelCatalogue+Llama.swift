/// Meta's Llama models.
extension ModelCatalogue {
    private static func entry(
        _ name: String, _ layers: Int, _ hidden: Int, _ heads: AttentionHeads, _ width: Int,
        vocabulary: Int, context: Int, isTied: Bool = false, _ source: String
    ) -> Entry {
        var variant = ModelShape.LlamaVariant()
        variant.isTied = isTied
        return Entry(
            shape: .llama(
                name, layers: layers, hidden: hidden, heads: heads, feedForward: gated(width),
                vocabulary: vocabulary, context: context, variant),
            source: source)
    }

    /// Touvron et al., Llama 2 (arXiv 2307.09288); widths: config.json of meta-llama/Llama-2-*-hf.
    private static let llama2 = "arXiv 2307.09288 and config.json of meta-llama/Llama-2-*-hf"

    /// Dubey et al., The Llama 3 Herd of Models (arXiv 2407.21783), table 3.
    private static let llama3 = "arXiv 2407.21783, table 3, and config.json of meta-llama/*"

    static let llama: [Entry] = [
        entry(
            "llama-2-7b", 32, 4096, heads(32, 32, 128), 11_008, vocabulary: 32_000,
            context: 4096, llama2),
        entry(
            "llama-2-13b", 40, 5120, heads(40, 40, 128), 13_824, vocabulary: 32_000,
            context: 4096, llama2),
        entry(
            "llama-2-70b", 80, 8192, heads(64, 8, 128), 28_672, vocabulary: 32_000,
            context: 4096, llama2),
        entry(
            "llama-3.1-8b", 32, 4096, heads(32, 8, 128), 14_336, vocabulary: 128_256,
            context: 131_072, llama3),
        entry(
            "llama-3.1-70b", 80, 8192, heads(64, 8, 128), 28_672, vocabulary: 128_256,
            context: 131_072, llama3),
        entry(
            "llama-3.1-405b", 126, 16_384, heads(128, 8, 128), 53_248, vocabulary: 128_256,
            context: 131_072, llama3),
        entry(
            "llama-3.2-1b", 16, 2048, heads(32, 8, 64), 8192, vocabulary: 128_256,
            context: 131_072, isTied: true, "config.json of meta-llama/Llama-3.2-1B"),
        entry(
            "llama-3.2-3b", 28, 3072, heads(24, 8, 128), 8192, vocabulary: 128_256,
            context: 131_072, isTied: true, "config.json of meta-llama/Llama-3.2-3B"),
    ]
}
