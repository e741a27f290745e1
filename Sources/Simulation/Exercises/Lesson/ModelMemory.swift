import Planning

/// Exercise 1: what keys and values take, and what is left for them.
enum ModelMemory {
    /// The parameters of a case.
    struct Case {
        /// The sequence as the lesson has it.
        var sequence: SequenceMemory
        /// Bytes of the weights in half precision.
        var weightBytes: Int
        /// Bytes of one device.
        var deviceBytes: Int
        /// Devices over which the memory is summed.
        var devices: Int
    }

    /// The case A of the lesson: GPT-3 175B at 2,048 tokens.
    static let gpt3 = Case(
        sequence: SequenceMemory(
            layers: 96, keyValueHeads: 96, headDimension: 128, tokens: 2048),
        weightBytes: 350_000_000_000, deviceBytes: 80_000_000_000, devices: 8)

    /// Case B: Llama-2-70B at 4,096 tokens, with as many key and value heads as query heads.
    static let llama70B = Case(
        sequence: SequenceMemory(
            layers: 80, keyValueHeads: 64, headDimension: 128, tokens: 4096),
        weightBytes: 140_000_000_000, deviceBytes: 80_000_000_000, devices: 4)

    /// The key and value heads that Llama-2-70B really has.
    static let llama70BHeads = 8

    /// Exercise 1A.
    static func exercise1A(_ c: Case = gpt3) -> Exercise {
        let s = c.sequence
        let all = c.devices * c.deviceBytes
        let many = s.count(in: all, beside: c.weightBytes)
        return Exercise(
            name: "1A", title: "Memory of GPT-3 175B",
            question: """
                GPT-3 175B has \(s.layers) layers of \(s.keyValueHeads) heads of \
                \(s.headDimension) elements. In half precision: what do the keys and values of \
                \(Numbers.grouped(s.tokens)) tokens take, how many such sequences does an A100 \
                of \(Numbers.gb(c.deviceBytes, 0)) hold, and what share of the memory is keys \
                and values beside the weights?
                """,
            working: [
                "A token: \(s.formula) = \(Numbers.grouped(s.bytesPerToken)) bytes.",
                "A sequence: \(Numbers.grouped(s.tokens)) tokens x that = "
                    + "\(Numbers.grouped(s.bytes)) bytes = \(Numbers.both(s.bytes)).",
                "Keys and values alone: \(Numbers.gb(c.deviceBytes, 0)) / "
                    + "\(Numbers.gb(s.bytes)) = \(s.count(in: c.deviceBytes)) sequences.",
                "The weights take \(Numbers.gb(c.weightBytes, 0)), more than one device has: "
                    + "\(s.count(in: c.deviceBytes, beside: c.weightBytes)) sequences.",
                "\(c.devices) devices have \(Numbers.gb(all, 0)), as a sum; beside the weights "
                    + "\(Numbers.gb(all - c.weightBytes, 0)) are left: \(many) sequences.",
            ],
            figures: figures(c),
            answer: """
                \(Numbers.both(s.bytes)) a sequence. \(s.count(in: c.deviceBytes)) of them fill \
                one A100 if nothing else is on it; with the weights not even one fits, and \
                \(c.devices) cards hold \(many). Keys and values are \
                \(Numbers.percent(s.share(of: 1, beside: c.weightBytes))) of both for one \
                sequence, \(Numbers.percent(s.share(of: many, beside: c.weightBytes), 0)) when \
                the cards are full.
                """,
            corrections: [
                Correction(
                    "How many sequences fit on one card, as if the weights were elsewhere",
                    right: "None: \(Numbers.gb(c.weightBytes, 0)) of weights are on no card of "
                        + "\(Numbers.gb(c.deviceBytes, 0)).",
                    why: "The memory of several cards is only a sum: to run one copy across them "
                        + "takes tensor parallelism, which Quire does not have yet.")
            ])
    }

    /// Exercise 1B.
    static func exercise1B(
        _ c: Case = llama70B, realHeads: Int = llama70BHeads
    ) -> Exercise {
        let s = c.sequence
        var real = s
        real.keyValueHeads = realHeads
        let all = c.devices * c.deviceBytes
        let pair = { (count: (SequenceMemory) -> Int) in (count(s), count(real)) }
        let one = pair { $0.count(in: c.deviceBytes) }
        let binary = pair { $0.count(in: gib(c.deviceBytes)) }
        let many = pair { $0.count(in: all, beside: c.weightBytes) }
        return Exercise(
            name: "1B", title: "Memory of Llama-2-70B",
            question: """
                The same for Llama-2-70B (\(s.layers) layers, \(s.keyValueHeads) heads of \
                \(s.headDimension)) at \(Numbers.grouped(s.tokens)) tokens.
                """,
            working: [
                "As the lesson states it: \(s.formula) = \(Numbers.grouped(s.bytesPerToken)) "
                    + "bytes a token; a sequence \(Numbers.grouped(s.bytes)) bytes = "
                    + "\(Numbers.both(s.bytes)).",
                "As the model is: \(real.formula) = \(Numbers.grouped(real.bytesPerToken)) bytes "
                    + "a token; a sequence \(Numbers.grouped(real.bytes)) bytes = "
                    + "\(Numbers.both(real.bytes)).",
                "Keys and values alone in \(Numbers.gb(c.deviceBytes, 0)): \(one.0) or "
                    + "\(one.1); in as many GiB: \(binary.0) or \(binary.1).",
                "Beside \(Numbers.gb(c.weightBytes, 0)) of weights: none on one card; "
                    + "\(c.devices) cards, as a sum, leave "
                    + "\(Numbers.gb(all - c.weightBytes, 0)): \(many.0) or \(many.1).",
            ],
            figures: figures(c) + realFigures(c, real),
            answer: """
                \(Numbers.gib(real.bytes, 2)) a sequence, not \(Numbers.gib(s.bytes, 0)): \
                \(one.1) sequences in the memory of one card and \(many.1) beside the weights \
                on \(c.devices).
                """,
            corrections: [
                Correction(
                    "Llama-2-70B keeps keys and values for \(s.keyValueHeads) heads",
                    right: "It keeps them for \(realHeads): \(s.keyValueHeads / realHeads) query "
                        + "heads share each (grouped-query attention).",
                    why: "The formula by the model's width counts every query head, which is "
                        + "right for multi-head attention only: here it is "
                        + "\(s.keyValueHeads / realHeads) times too much.")
            ])
    }

    /// The same number of GiB as there are GB.
    static func gib(_ decimalBytes: Int) -> Int { decimalBytes / 1_000_000_000 * (1 << 30) }

    private static func figures(_ c: Case) -> [ExerciseFigure] {
        let s = c.sequence
        let many = s.count(in: c.devices * c.deviceBytes, beside: c.weightBytes)
        return [
            ExerciseFigure("kv_bytes_per_token", "keys and values, bytes a token", s.bytesPerToken),
            ExerciseFigure("kv_bytes_per_sequence", "keys and values, bytes a sequence", s.bytes),
            ExerciseFigure(
                "sequences_without_weights", "sequences in one device, keys and values alone",
                s.count(in: c.deviceBytes)),
            ExerciseFigure(
                "sequences_without_weights_gib", "the same in as many GiB",
                s.count(in: gib(c.deviceBytes))),
            ExerciseFigure("weight_bytes", "weights, bytes", c.weightBytes),
            ExerciseFigure(
                "sequences_on_one_device", "sequences on one device beside the weights",
                s.count(in: c.deviceBytes, beside: c.weightBytes)),
            ExerciseFigure("devices", "devices of the sum", c.devices),
            ExerciseFigure("sequences_on_devices", "sequences in the sum of these devices", many),
            ExerciseFigure(
                "kv_share_of_one", "share of keys and values, one sequence",
                s.share(of: 1, beside: c.weightBytes)),
            ExerciseFigure(
                "kv_share_when_full", "share of keys and values, when full",
                s.share(of: many, beside: c.weightBytes)),
        ]
    }

    private static func realFigures(_ c: Case, _ real: SequenceMemory) -> [ExerciseFigure] {
        let stated = c.sequence
        let many = real.count(in: c.devices * c.deviceBytes, beside: c.weightBytes)
        return [
            ExerciseFigure(
                "grouped_kv_bytes_per_token", "grouped heads: bytes a token", real.bytesPerToken,
                lesson: .init(.integer(stated.bytesPerToken), .wrong)),
            ExerciseFigure(
                "grouped_kv_bytes_per_sequence", "grouped heads: bytes a sequence", real.bytes,
                lesson: .init(.integer(stated.bytes), .wrong)),
            ExerciseFigure(
                "grouped_sequences_without_weights", "grouped heads: sequences in one device",
                real.count(in: c.deviceBytes),
                lesson: .init(.integer(stated.count(in: c.deviceBytes)), .wrong)),
            ExerciseFigure(
                "grouped_sequences_without_weights_gib", "grouped heads: in as many GiB",
                real.count(in: gib(c.deviceBytes))),
            ExerciseFigure(
                "grouped_sequences_on_devices", "grouped heads: sequences in the sum", many),
            ExerciseFigure(
                "grouped_kv_share_of_one", "grouped heads: share of one sequence",
                real.share(of: 1, beside: c.weightBytes)),
            ExerciseFigure(
                "grouped_kv_share_when_full", "grouped heads: share when full",
                real.share(of: many, beside: c.weightBytes)),
        ]
    }
}
