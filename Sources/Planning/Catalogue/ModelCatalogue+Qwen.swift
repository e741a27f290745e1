/// Alibaba's Qwen models.
extension ModelCatalogue {
    /// Qwen2.5 Technical Report (arXiv 2412.15115), table 1; widths: config.json of Qwen/Qwen2.5-*.
    private static func qwen2(
        _ name: String, _ layers: Int, _ hidden: Int, _ heads: AttentionHeads, _ width: Int,
        isTied: Bool, context: Int
    ) -> Entry {
        var variant = ModelShape.LlamaVariant()
        variant.isTied = isTied
        variant.hasBias = true
        return Entry(
            shape: .llama(
                name, layers: layers, hidden: hidden, heads: heads, feedForward: gated(width),
                // The larger ones pad the vocabulary to a multiple of 256 rows.
                vocabulary: hidden < 3000 ? 151_936 : 152_064, context: context, variant),
            source: "arXiv 2412.15115, table 1, and config.json of Qwen/Qwen2.5-*")
    }

    /// Qwen3 Technical Report (arXiv 2505.09388), tables 1 and 2.
    private static func qwen3(
        _ name: String, _ layers: Int, _ hidden: Int, _ heads: AttentionHeads,
        _ feedForward: FeedForwardShape, isTied: Bool = false, context: Int = 40_960
    ) -> Entry {
        var variant = ModelShape.LlamaVariant()
        variant.isTied = isTied
        variant.hasHeadNorms = true
        return Entry(
            shape: .llama(
                name, layers: layers, hidden: hidden, heads: heads, feedForward: feedForward,
                vocabulary: 151_936, context: context, variant),
            source: "arXiv 2505.09388, tables 1 and 2, and config.json of Qwen/Qwen3-*")
    }

    static let qwen: [Entry] = [
        qwen2("qwen2.5-0.5b", 24, 896, heads(14, 2, 64), 4864, isTied: true, context: 32_768),
        qwen2("qwen2.5-1.5b", 28, 1536, heads(12, 2, 128), 8960, isTied: true, context: 32_768),
        qwen2("qwen2.5-3b", 36, 2048, heads(16, 2, 128), 11_008, isTied: true, context: 32_768),
        qwen2("qwen2.5-7b", 28, 3584, heads(28, 4, 128), 18_944, isTied: false, context: 131_072),
        qwen2("qwen2.5-14b", 48, 5120, heads(40, 8, 128), 13_824, isTied: false, context: 131_072),
        qwen2("qwen2.5-32b", 64, 5120, heads(40, 8, 128), 27_648, isTied: false, context: 131_072),
        qwen2("qwen2.5-72b", 80, 8192, heads(64, 8, 128), 29_568, isTied: false, context: 131_072),
        qwen3("qwen3-0.6b", 28, 1024, heads(16, 8, 128), gated(3072), isTied: true),
        qwen3("qwen3-8b", 36, 4096, heads(32, 8, 128), gated(12_288)),
        qwen3("qwen3-32b", 64, 5120, heads(64, 8, 128), gated(25_600)),
        qwen3(
            "qwen3-30b-a3b", 48, 2048, heads(32, 4, 128),
            .experts(.init(count: 128, used: 8, width: 768))),
        qwen3(
            "qwen3-235b-a22b", 94, 4096, heads(64, 4, 128),
            .experts(.init(count: 128, used: 8, width: 1536))),
    ]
}
