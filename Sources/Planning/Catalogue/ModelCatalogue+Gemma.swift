import KVCache

/// Google's Gemma models: most layers see a sliding window.
extension ModelCatalogue {
    /// Gemma 2 (arXiv 2408.00118), table 1: every other layer sees 4096 tokens.
    private static func gemma2(
        _ name: String, _ layers: Int, _ hidden: Int, _ heads: AttentionHeads, _ width: Int
    ) -> Entry {
        var variant = ModelShape.LlamaVariant()
        variant.isTied = true
        variant.norms = 4
        variant.span = { $0 % 2 == 0 ? .slidingWindow(4096) : .full }
        return Entry(
            shape: .llama(
                name, layers: layers, hidden: hidden, heads: heads, feedForward: gated(width),
                vocabulary: 256_000, context: 8192, variant),
            source: "arXiv 2408.00118, table 1")
    }

    /// Gemma 3 (arXiv 2503.19786), section 2: five layers see the window for each that sees all.
    private static func gemma3(
        _ name: String, _ layers: Int, _ hidden: Int, _ heads: AttentionHeads, _ width: Int,
        window: Int, vocabulary: Int, context: Int
    ) -> Entry {
        var variant = ModelShape.LlamaVariant()
        variant.isTied = true
        variant.hasHeadNorms = true
        variant.norms = 4
        variant.span = { ($0 + 1) % 6 == 0 ? .full : .slidingWindow(window) }
        return Entry(
            shape: .llama(
                name, layers: layers, hidden: hidden, heads: heads, feedForward: gated(width),
                vocabulary: vocabulary, context: context, variant),
            source: "arXiv 2503.19786, section 2, and config.json of google/gemma-3-*")
    }

    static let gemma: [Entry] = [
        gemma2("gemma-2-2b", 26, 2304, heads(8, 4, 256), 9216),
        gemma2("gemma-2-9b", 42, 3584, heads(16, 8, 256), 14_336),
        gemma2("gemma-2-27b", 46, 4608, heads(32, 16, 128), 36_864),
        gemma3(
            "gemma-3-270m", 18, 640, heads(4, 1, 256), 2048, window: 512, vocabulary: 262_144,
            context: 32_768),
        gemma3(
            "gemma-3-1b", 26, 1152, heads(4, 1, 256), 6912, window: 512, vocabulary: 262_144,
            context: 32_768),
        // The text part of the larger ones, which read pictures too.
        gemma3(
            "gemma-3-4b", 34, 2560, heads(8, 4, 256), 10_240, window: 1024, vocabulary: 262_208,
            context: 131_072),
        gemma3(
            "gemma-3-12b", 48, 3840, heads(16, 8, 256), 15_360, window: 1024,
            vocabulary: 262_208, context: 131_072),
        gemma3(
            "gemma-3-27b", 62, 5376, heads(32, 16, 128), 21_504, window: 1024,
            vocabulary: 262_208, context: 131_072),
    ]
}
