/// DeepSeek's models of latent attention and many small experts.
extension ModelCatalogue {
    static let deepSeek: [Entry] = [
        Entry(
            shape: .deepSeek(
                "deepseek-v2-lite", layers: 27, dense: 1, hidden: 2048,
                attention: LatentAttention(
                    query: 16, queryRank: nil, rank: 512, plain: 128, rope: 64, value: 128),
                width: 10_944,
                experts: .init(count: 64, used: 6, width: 1408, sharedWidth: 2 * 1408),
                routerBias: false, vocabulary: 102_400, context: 32_768),
            source: "arXiv 2405.04434, appendix B"),
        Entry(
            shape: .deepSeek(
                "deepseek-v2", layers: 60, dense: 1, hidden: 5120,
                attention: LatentAttention(
                    query: 128, queryRank: 1536, rank: 512, plain: 128, rope: 64, value: 128),
                width: 12_288,
                experts: .init(count: 160, used: 6, width: 1536, sharedWidth: 2 * 1536),
                routerBias: false, vocabulary: 102_400, context: 131_072),
            source: "arXiv 2405.04434, section 3.1.2"),
        Entry(
            // Without the layer that predicts a second token.
            shape: .deepSeek(
                "deepseek-v3", layers: 61, dense: 3, hidden: 7168,
                attention: LatentAttention(
                    query: 128, queryRank: 1536, rank: 512, plain: 128, rope: 64, value: 128),
                width: 18_432,
                experts: .init(count: 256, used: 8, width: 2048, sharedWidth: 2048),
                routerBias: true, vocabulary: 129_280, context: 131_072),
            source: "arXiv 2412.19437, section 4.2"),
    ]
}
