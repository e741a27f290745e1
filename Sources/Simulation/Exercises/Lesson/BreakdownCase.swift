import Planning

/// The lesson's table of what eight sequences of Llama-2-7B take on a card.
enum BreakdownCase {
    /// The breakdown, and what really fits into what it leaves.
    static func breakdown(
        sequences: Int = 8, deviceBytes: Int = 80_000_000_000, weightBytes: Int = 14_000_000_000,
        lessonKeyValues: Int = 1_000_000_000, lessonActivations: Int = 500_000_000,
        lessonOverhead: Int = 6_000_000_000
    ) -> Exercise {
        let sequence = SequenceMemory(
            layers: 32, keyValueHeads: 32, headDimension: 128, tokens: 2048)
        let parts = [
            ("weights", weightBytes), ("keys and values", sequences * lessonKeyValues),
            ("activations", sequences * lessonActivations),
            ("fragmentation and overhead", lessonOverhead),
        ]
        let used = parts.reduce(0) { $0 + $1.1 }
        let free = deviceBytes - used
        let more = sequence.count(in: free)
        let step = decodeBytes(sequences)
        let share = { (bytes: Int) in Double(bytes) / Double(deviceBytes) }
        let rows = (parts + [("used", used), ("free", free)]).map {
            [$0.0, Numbers.gb($0.1, 0), Numbers.percent(share($0.1))]
        }
        let figures = (parts + [("used", used), ("free", free)]).map { name, bytes in
            ExerciseFigure(
                name.split(separator: " ").joined(separator: "_") + "_bytes", name + ", bytes",
                bytes, lesson: .init(.integer(bytes), .right))
        }
        return Exercise(
            name: "breakdown", title: "What eight sequences of Llama-2-7B take",
            question: """
                \(sequences) sequences of \(Numbers.grouped(sequence.tokens)) tokens run on a \
                card of \(Numbers.gb(deviceBytes, 0)). What is used, and do more fit?
                """,
            working: [
                parts.map { Numbers.gb($0.1, 0) }.joined(separator: " + ") + " = "
                    + "\(Numbers.gb(used, 0)), \(Numbers.percent(share(used), 0)) of the card.",
                "\(Numbers.gb(free, 0)) are free; a sequence takes "
                    + "\(Numbers.both(sequence.bytes)): \(more) more fit.",
            ],
            figures: figures + [
                ExerciseFigure("used_share", "share used", share(used)),
                ExerciseFigure(
                    "kv_bytes_per_sequence", "keys and values of a sequence, bytes",
                    sequence.bytes, lesson: .init(.integer(lessonKeyValues), .imprecise)),
                ExerciseFigure(
                    "more_sequences", "sequences that still fit", more,
                    lesson: .init(.integer(0), .wrong)),
            ],
            tables: [
                ExerciseTable(
                    "the lesson's sum", columns: ["part", "GB", "share of the card"], rows: rows)
            ],
            answer: "The sum is right. About \(more) more sequences fit.",
            corrections: [
                Correction(
                    "More sequences may not fit, because of fragmentation",
                    right: "\(Numbers.gb(free, 0)) are free in one piece: \(more) more sequences.",
                    why: "Memory that nobody has taken is not in pieces. It gets so when buffers "
                        + "of many sizes come and go."),
                Correction(
                    "\(Numbers.gb(parts[2].1, 0)) of activations and "
                        + "\(Numbers.gb(lessonOverhead, 0)) of overhead",
                    right: "A step that decodes \(sequences) tokens needs "
                        + "\(Numbers.decimal(Double(step) / 1e6, 1)) MB.",
                    why: "The outputs of layers are not kept in inference: one layer's buffers "
                        + "serve all. The overhead is derived from nothing."),
            ])
    }

    /// What a step of so many decodes really needs beside weights, keys and values.
    private static func decodeBytes(_ sequences: Int) -> Int {
        ModelCatalogue.entry(named: "llama-2-7b")?.shape
            .workingSet(tokens: sequences, outputs: sequences).bytes ?? 0
    }
}
