/// Models of the first years: multi-head attention, learned positions.
extension ModelCatalogue {
    /// Zhang et al., OPT (arXiv 2205.01068), table 1; the vocabulary, and the two positions that
    /// padding takes: config.json of facebook/opt-*.
    private static func opt(_ name: String, _ layers: Int, _ hidden: Int, _ heads: Int) -> Entry {
        Entry(
            shape: .biased(
                name, layers: layers, hidden: hidden, heads: heads, vocabulary: 50_272,
                positions: 2050, context: 2048),
            source: "arXiv 2205.01068, table 1")
    }

    static let gpt: [Entry] = [
        // Brown et al., Language Models are Few-Shot Learners (arXiv 2005.14165), table 2.1; the
        // vocabulary is GPT-2's.
        Entry(
            shape: .biased(
                "gpt-3-175b", layers: 96, hidden: 12_288, heads: 96, vocabulary: 50_257,
                positions: 2048, context: 2048),
            source: "arXiv 2005.14165, table 2.1"),
        opt("opt-13b", 40, 5120, 40),
        opt("opt-66b", 64, 9216, 72),
        opt("opt-175b", 96, 12_288, 96),
    ]
}
