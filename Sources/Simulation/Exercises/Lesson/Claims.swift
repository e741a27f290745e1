import Planning

/// Statements of the lessons that no exercise asks about, and what is right.
enum Claims {
    /// All of them.
    static func claims(
        weightBytes: Int = 14_000_000_000, tokens: Int = 2048, blockSize: Int = 16
    ) -> Exercise {
        let sequence = SequenceMemory(
            layers: 32, keyValueHeads: 32, headDimension: 128, tokens: tokens)
        let needed = (weightBytes + sequence.bytes - 1) / sequence.bytes
        let lost = Double(blockSize - 1) / 2
        let slots = lost / 0.04
        let reserved = FullLengthBuffers(lengths: [10], maxLength: tokens)
        return Exercise(
            name: "claims", title: "Statements, and what is right",
            question: "Which statements of the lessons do not hold?",
            working: [
                "Weights of \(Numbers.gb(weightBytes, 0)) / \(Numbers.gb(sequence.bytes)) a "
                    + "sequence: keys and values outgrow the weights of Llama-2-7B from "
                    + "\(needed) sequences of \(Numbers.grouped(tokens)) tokens on.",
                "A block of \(blockSize) loses (\(blockSize) - 1) / 2 = "
                    + "\(Numbers.decimal(lost, 1)) slots a sequence on average: under 4 % from "
                    + "\(Numbers.decimal(slots, 1)) slots a sequence on.",
                "A prompt of 10 tokens in a reservation of \(Numbers.grouped(tokens)) leaves "
                    + "\(Numbers.grouped(reserved.wasted)) unused.",
            ],
            figures: [
                ExerciseFigure(
                    "sequences_that_outweigh", "sequences that outweigh the weights", needed),
                ExerciseFigure(
                    "mean_lost_slots", "slots lost in the last block, mean", lost),
                ExerciseFigure(
                    "slots_for_four_percent", "slots a sequence for 4 % of waste", slots),
                ExerciseFigure(
                    "request_a_tokens", "tokens of request A", reserved.used,
                    lesson: .init(.integer(11), .wrong)),
                ExerciseFigure(
                    "request_a_unused", "slots of request A never used", reserved.wasted),
            ],
            tables: [paper],
            answer: "Those below. Where a number depends on the lengths, quire simulate memory "
                + "computes it for yours.",
            corrections: statements(needed: needed, blockSize: blockSize))
    }

    /// Kwon et al. (arXiv 2309.06180), figure 2.
    private static let paper = ExerciseTable(
        "the paper's shares of memory that hold tokens (figure 2)",
        columns: ["system", "tokens held"],
        rows: [
            ["Orca, reserving the maximum", "20.4 %"], ["Orca, powers of two", "26.8 %"],
            ["Orca, oracle", "38.2 %"], ["vLLM, paged", "96.3 %"],
        ])

    private static func statements(needed: Int, blockSize: Int) -> [Correction] {
        [
            Correction(
                "40 to 60 % utilisation, 2 to 3 times the throughput, 50 to 70 % less overhead",
                right: "The paper: 20.4 to 38.2 % before, 96.3 % paged, 2 to 4 times.",
                why: "The lesson's ranges contradict each other and name no source."),
            Correction(
                "Keys and values cannot be compressed",
                right: "They can: fewer heads, latent vectors, 8 bits and fewer, eviction.",
                why: "Only to keep the very same answers they must be kept exactly; whoever may "
                    + "lose a little chooses to."),
            Correction(
                "They are accessed at random",
                right: "Decoding reads the whole context from front to back, in every step.",
                why: "Only the places of blocks are at random."),
            Correction(
                "They are often larger than the weights",
                right: "From \(needed) sequences of this length on.",
                why: "It takes a long context or a large batch."),
            Correction(
                "There is no internal fragmentation with pages",
                right: "Up to \(blockSize - 1) slots a sequence, about half of that on average.",
                why: "The last block is rarely full. External fragmentation is what is gone "
                    + "entirely."),
            Correction(
                "Pools of fixed blocks still waste memory",
                right: "PagedAttention is such a pool, with a table.",
                why: "The bad ones are pools whose blocks have the longest length."),
            Correction(
                "Sharing memory is impossible",
                right: "In one buffer a sequence it is; in blocks it is a count of holders.",
                why: "Two tables may name the same block."),
            Correction(
                "Request A uses 11 tokens",
                right: "10: of 2,048 slots 2,038 are never used (the paper's figure 3).",
                why: "The last token that is generated is never fed back."),
            Correction(
                "Smaller pages have more overhead",
                right: "In kernels and tables, not in memory: the paper's kernel is 20 to 26 % "
                    + "slower, and blocks of 16 to 128 are best.",
                why: "Smaller blocks waste less memory."),
        ]
    }
}
