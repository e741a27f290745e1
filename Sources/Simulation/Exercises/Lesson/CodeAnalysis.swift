import Planning

/// Exercise 4: what the lesson's cache wastes, and what is wrong with it.
enum CodeAnalysis {
    /// The caches that the waste is computed for: places, and tokens of a place.
    static let caches = [(3, 2048), (8, 2048), (3, 1024), (3, 512)]

    /// Exercise 4.
    static func exercise4(
        lengths: [Int] = [100, 500, 200], caches: [(places: Int, tokens: Int)] = caches,
        layers: Int = 32, maxSequenceLength: Int = 2048
    ) throws -> Exercise {
        let reservations = caches.map {
            FullLengthBuffers(lengths: lengths, maxLength: $0.tokens, buffers: $0.places)
        }
        let drift = try PositionDrift(layers: layers, maxSequenceLength: maxSequenceLength)
        return Exercise(
            name: "4", title: "The cache of the old way",
            question: """
                The lesson's TraditionalKVCache(max_batch_size, max_seq_len, num_layers, \
                hidden_size) holds sequences of \
                \(lengths.map(String.init).joined(separator: ", ")) tokens. What does it waste, \
                why, what happens when a sequence ends, and how would one do better?
                """,
            working: reservations.map {
                "\($0.buffers) places of \($0.maxLength) tokens: \($0.used) of \($0.allocated) "
                    + "tokens are used, \(Numbers.percent($0.waste, 2)) is waste."
            } + [
                "Waste comes from reserving the longest length, from places without a sequence, "
                    + "from places that are never given back (nothing clears a length, so an "
                    + "ended sequence keeps its place), from a vector of the full width where "
                    + "heads share keys and values, and from prompts that are the same and are "
                    + "kept twice.",
                "Better: blocks that are taken as a sequence grows, a table from positions to "
                    + "blocks, a count of holders so that blocks can be shared, and a release at "
                    + "the end. That is what quire's block pool is.",
            ],
            figures: [
                ExerciseFigure(
                    "tokens", "tokens held", reservations.first?.used ?? 0)
            ]
                + reservations.map {
                    ExerciseFigure(
                        "waste_\($0.buffers)x\($0.maxLength)",
                        "waste of \($0.buffers) places of \($0.maxLength) tokens", $0.waste)
                }
                + figures(drift, layers: layers),
            tables: [
                ExerciseTable(
                    "waste for \(reservations.first?.used ?? 0) tokens",
                    columns: ["places", "tokens a place", "set aside", "waste"],
                    rows: reservations.map {
                        [
                            "\($0.buffers)", "\($0.maxLength)", Numbers.grouped($0.allocated),
                            Numbers.percent($0.waste, 2),
                        ]
                    })
            ],
            pictures: [
                .waste(
                    title: "What the cache of the old way holds",
                    caption: "Longer places and places without a sequence are waste.",
                    kinds: "Places",
                    names: reservations.map { "\($0.buffers) of \(Numbers.grouped($0.maxLength))" },
                    shares: reservations.map(\.waste))
            ],
            answer: """
                \(Numbers.percent(reservations.first?.waste ?? 0, 2)) is wasted even when every \
                place is taken. When a sequence ends nothing is reclaimed.
                """,
            corrections: corrections(drift, layers: layers, tokens: maxSequenceLength))
    }

    private static func corrections(
        _ drift: PositionDrift, layers: Int, tokens: Int
    ) -> [Correction] {
        [
            Correction(
                "append raises the sequence's length with every call",
                right: "It must advance once for each token: every layer writes the token at "
                    + "the same position.",
                why: "It is called once for each layer. With \(layers) layers the second "
                    + "token lies at position "
                    + "\(drift.positionsOfSecondToken.first ?? 0) of the first layer and at "
                    + "\(drift.positionsOfSecondToken.last ?? 0) of the last, and "
                    + "\(Numbers.grouped(tokens)) positions are full after "
                    + "\(drift.tokensUntilFull) tokens."),
            Correction(
                "append writes wherever the length says",
                right: "A place, a layer, a width and a full buffer have to be checked.",
                why: "Beyond the end the write fails deep inside a tensor library, or hits "
                    + "what is another sequence's."),
        ]
    }

    private static func figures(_ drift: PositionDrift, layers: Int) -> [ExerciseFigure] {
        [
            ExerciseFigure(
                "drift_last_layer_position", "the bug: position of token 2 in the last layer",
                drift.positionsOfSecondToken.last ?? 0),
            ExerciseFigure(
                "drift_tokens_until_full", "the bug: tokens until the cache is full",
                drift.tokensUntilFull),
        ]
    }
}
