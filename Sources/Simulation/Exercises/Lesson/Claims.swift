import KVCache
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
        // The paper's figure 3: two requests, their tokens at the end, and what is set aside.
        let requestA = FullLengthBuffers(lengths: [10], maxLength: 2048)
        let requestB = FullLengthBuffers(lengths: [5], maxLength: 512)
        var opt = sequence
        (opt.layers, opt.keyValueHeads, opt.tokens) = (40, 40, 2048)
        let decode = decodeShare
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
                "The paper's request A ends with \(requestA.used) tokens of "
                    + "\(Numbers.grouped(requestA.maxLength)): \(Numbers.grouped(requestA.wasted)) "
                    + "are never used; B with \(requestB.used) of \(requestB.maxLength): "
                    + "\(requestB.wasted).",
                "OPT-13B, the paper's model: \(opt.formula) = "
                    + "\(Numbers.grouped(opt.bytesPerToken)) bytes a token (800 KiB), "
                    + "\(Numbers.both(opt.bytes)) for \(Numbers.grouped(opt.tokens)); the paper "
                    + "says 1.6 GB.",
                "A decode of one sequence of Llama-2-7B on an A100 of 80 GB uses "
                    + "\(Numbers.percent(decode)) of its arithmetic at most, since it must read "
                    + "all weights meanwhile.",
            ],
            figures: [
                ExerciseFigure(
                    "sequences_that_outweigh", "sequences that outweigh the weights", needed),
                ExerciseFigure(
                    "mean_lost_slots", "slots lost in the last block, mean", lost),
                ExerciseFigure(
                    "slots_for_four_percent", "slots a sequence for 4 % of waste", slots),
                ExerciseFigure(
                    "request_a_tokens", "tokens of request A", requestA.used,
                    lesson: .init(.integer(11), .wrong)),
                ExerciseFigure(
                    "request_a_unused", "slots of request A never used", requestA.wasted),
                ExerciseFigure(
                    "request_b_unused", "slots of request B never used", requestB.wasted),
                ExerciseFigure(
                    "opt_13b_kv_bytes_per_token", "OPT-13B, bytes a token", opt.bytesPerToken),
                ExerciseFigure(
                    "opt_13b_kv_bytes_per_sequence", "OPT-13B, bytes a sequence", opt.bytes),
                ExerciseFigure(
                    "decode_arithmetic_share", "arithmetic that one decode can use", decode),
            ],
            tables: [paper],
            answer: "Those below. Where a number depends on the lengths, quire simulate memory "
                + "computes it for yours.",
            corrections: statements(needed: needed, blockSize: blockSize))
    }

    /// The share of an A100's arithmetic that a decode of one sequence of 2,048 tokens can use.
    private static var decodeShare: Double {
        guard let shape = ModelCatalogue.entry(named: "llama-2-7b")?.shape,
            let device = DeviceCatalogue.device(named: "a100-80"),
            let bandwidth = device.bandwidth, let operations = device.operations
        else { return 0 }
        let roofline = Roofline(
            shape: shape, dtype: .f16, weightBytes: 2, bandwidth: bandwidth,
            operations: operations)
        return roofline.decode(batch: 1, context: 2048).intensity / roofline.ridge
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
                "Decoding uses 10 to 30 % of a GPU, prefill 90 to 100 %",
                right: "That is to be measured. A bound: one decode uses less than 1 % of the "
                    + "arithmetic, and as much of the bandwidth as the kernels reach.",
                why: "Utilisation of what is not said; the two resources differ by a factor of a "
                    + "hundred."),
            Correction(
                "FlashAttention-2 brought the online softmax; recomputation saves memory in "
                    + "inference",
                right: "FlashAttention has it already; the second has fewer operations that are "
                    + "no products, splits queries, and is 1.7 to 3.0 times as fast.",
                why: "Recomputation is for the way back of training and has no part in "
                    + "inference."),
            Correction(
                "Dynamic batching is continuous batching",
                right: "Dynamic batching gathers requests for a while and then runs them to the "
                    + "end; continuous batching admits and returns them at every step.",
                why: "One decides for each batch, the other for each token."),
            Correction(
                "Smaller pages have more overhead",
                right: "In kernels and tables, not in memory: the paper's kernel is 20 to 26 % "
                    + "slower, and blocks of 16 to 128 are best.",
                why: "Smaller blocks waste less memory."),
        ]
    }
}
