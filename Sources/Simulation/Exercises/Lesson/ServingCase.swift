import Planning

/// The lesson's case study: Llama-2-13B, its throughput, and what a day costs.
enum ServingCase {
    /// The parameters of the case.
    struct Case {
        /// A sequence of the longest length.
        var longest = SequenceMemory(
            layers: 40, keyValueHeads: 40, headDimension: 128, tokens: 2048)
        /// Tokens of a sequence on average.
        var meanTokens = 800
        /// Bytes that are left for keys and values.
        var roomBytes = 50_000_000_000
        /// Batches that a device finishes in a minute.
        var batchesPerMinute = 10
        /// Requests of a day.
        var requestsPerDay = 1_000_000
        /// The price of a device for an hour.
        var pricePerHour = 3.0
        /// Sequences at once as the lesson has them: reserved, and as long as they are.
        var lessonCounts = (reserved: 25, actual: 62)

        /// A sequence of the mean length.
        var mean: SequenceMemory {
            var sequence = longest
            sequence.tokens = meanTokens
            return sequence
        }
        /// Sequences that fit when each sets the longest length aside.
        var reserved: Int { longest.count(in: roomBytes) }
        /// Sequences that fit when each takes what it holds.
        var actual: Int { mean.count(in: roomBytes) }
    }

    /// What sequences of Llama-2-13B take.
    static func memory(_ c: Case = Case()) -> Exercise {
        let (longest, mean) = (c.longest, c.mean)
        let share = Double(mean.tokens) / Double(longest.tokens)
        let waste = c.reserved * (longest.bytes - mean.bytes)
        return Exercise(
            name: "llama-13b", title: "Llama-2-13B on one card",
            question: """
                \(Numbers.gb(c.roomBytes, 0)) are left for keys and values of Llama-2-13B. How \
                many sequences fit when each sets \(Numbers.grouped(longest.tokens)) tokens \
                aside, and how many when each takes the \(mean.tokens) tokens that it holds on \
                average?
                """,
            working: [
                "A token: \(longest.formula) = \(Numbers.grouped(longest.bytesPerToken)) bytes.",
                "\(Numbers.grouped(longest.tokens)) tokens: \(Numbers.grouped(longest.bytes)) "
                    + "bytes = \(Numbers.gib(longest.bytes, 4)) (\(Numbers.gb(longest.bytes))); "
                    + "\(c.reserved) fit.",
                "\(mean.tokens) tokens: \(Numbers.grouped(mean.bytes)) bytes = "
                    + "\(Numbers.decimal(Double(mean.bytes) / Double(1 << 20), 0)) MiB "
                    + "(\(Numbers.decimal(Double(mean.bytes) / 1e6, 0)) MB); \(c.actual) fit.",
                "Of each reservation \(mean.tokens) / \(longest.tokens) = "
                    + "\(Numbers.percent(share, 2)) holds tokens; the others are "
                    + "\(c.reserved) x \(Numbers.gb(longest.bytes - mean.bytes)) = "
                    + "\(Numbers.gb(waste, 2)) of waste.",
            ],
            figures: memoryFigures(c, waste: waste),
            answer: """
                \(c.reserved) sequences reserved, \(c.actual) as long as they are: \
                \(Numbers.decimal(Double(c.actual) / Double(c.reserved), 2)) times as many.
                """,
            corrections: [
                Correction(
                    "A sequence of \(longest.tokens) tokens takes 2 GB, one of \(mean.tokens) "
                        + "takes 800 MB",
                    right: "\(Numbers.both(longest.bytes)) and \(Numbers.both(mean.bytes)).",
                    why: "1 MB a token is a guess: it is "
                        + "\(Numbers.grouped(longest.bytesPerToken)) bytes. So "
                        + "\(c.lessonCounts.reserved) and \(c.lessonCounts.actual) sequences "
                        + "should be \(c.reserved) and \(c.actual).")
            ])
    }

    private static func memoryFigures(_ c: Case, waste: Int) -> [ExerciseFigure] {
        let (longest, mean) = (c.longest, c.mean)
        let lesson = c.lessonCounts
        return [
            ExerciseFigure(
                "kv_bytes_per_token", "keys and values, bytes a token", longest.bytesPerToken),
            ExerciseFigure(
                "longest_kv_bytes", "the longest sequence, bytes", longest.bytes,
                lesson: .init(.integer(2_000_000_000), .wrong)),
            ExerciseFigure(
                "mean_kv_bytes", "a mean sequence, bytes", mean.bytes,
                lesson: .init(.integer(800_000_000), .wrong)),
            ExerciseFigure(
                "reserved_sequences", "sequences, reserved", c.reserved,
                lesson: .init(.integer(lesson.reserved), .wrong)),
            ExerciseFigure(
                "actual_sequences", "sequences, as long as they are", c.actual,
                lesson: .init(.integer(lesson.actual), .wrong)),
            ExerciseFigure(
                "sequences_ratio", "times as many", Double(c.actual) / Double(c.reserved),
                lesson: .init(.number(Double(lesson.actual) / Double(lesson.reserved)), .wrong)),
            ExerciseFigure(
                "utilization", "share of a reservation that holds tokens",
                Textbook.utilization(stored: mean.tokens, allocated: longest.tokens),
                lesson: .init(.number(0.4), .right)),
            ExerciseFigure(
                "wasted_bytes", "bytes set aside for nothing", waste,
                // 25 sequences of 1.2 GB: two errors that cancel.
                lesson: .init(.integer(30_000_000_000), .imprecise)),
        ]
    }

    /// What that means for throughput.
    static func throughput(_ c: Case = Case()) -> Exercise {
        let lesson = rates(c.lessonCounts.reserved, c.lessonCounts.actual, c)
        let right = rates(c.reserved, c.actual, c)
        return Exercise(
            name: "throughput", title: "Throughput of Llama-2-13B",
            question: """
                If a card finishes \(c.batchesPerMinute) batches a minute whatever their size, \
                how many sequences a minute are lost by reserving?
                """,
            working: [
                "The lesson: \(c.lessonCounts.reserved) x \(c.batchesPerMinute) = "
                    + "\(lesson.reserved), and \(c.lessonCounts.actual) x \(c.batchesPerMinute) = "
                    + "\(lesson.actual); \(lesson.lost) lost, "
                    + "\(Numbers.percent(lesson.share)).",
                "With the right counts: \(c.reserved) x \(c.batchesPerMinute) = "
                    + "\(right.reserved), and \(c.actual) x \(c.batchesPerMinute) = "
                    + "\(right.actual); \(right.lost) lost, \(Numbers.percent(right.share)).",
            ],
            figures: [
                ExerciseFigure(
                    "reserved_per_minute", "sequences a minute, reserved", right.reserved,
                    lesson: .init(.integer(lesson.reserved), .wrong)),
                ExerciseFigure(
                    "actual_per_minute", "sequences a minute, as long as they are", right.actual,
                    lesson: .init(.integer(lesson.actual), .wrong)),
                ExerciseFigure(
                    "lost_per_minute", "lost a minute", right.lost,
                    lesson: .init(.integer(lesson.lost), .wrong)),
                ExerciseFigure(
                    "lost_share", "share that is lost", right.share,
                    lesson: .init(.number(lesson.share), .imprecise)),
            ],
            answer: "\(right.reserved) against \(right.actual) sequences a minute, on that "
                + "assumption.",
            corrections: [
                Correction(
                    "Batches a minute do not depend on the size of the batch",
                    right: "They do, as soon as a step is bound by arithmetic or by reading keys "
                        + "and values; until then a larger batch is nearly free.",
                    why: "quire plan shows the bound for each batch; the loss is at most what is "
                        + "computed here.")
            ])
    }

    private static func rates(
        _ reserved: Int, _ actual: Int, _ c: Case
    ) -> (reserved: Int, actual: Int, lost: Int, share: Double) {
        let (a, b) = (reserved * c.batchesPerMinute, actual * c.batchesPerMinute)
        return (a, b, b - a, Double(b - a) / Double(b))
    }
}
