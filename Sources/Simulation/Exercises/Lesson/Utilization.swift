import Planning

/// What is used of a reservation: exercise 2, and the tables before it.
enum Utilization {
    /// Shares of one reservation.
    static func utilization(
        lengths: [Int] = [512, 1200, 1500, 1800], maxLength: Int = 2048
    ) -> Exercise {
        let reservations = lengths.map { FullLengthBuffers(lengths: [$0], maxLength: maxLength) }
        // As the lesson rounds them.
        let lesson = [512: 0.25, 1200: 0.59, 1500: 0.73, 1800: 0.88]
        return Exercise(
            name: "utilization", title: "How much of a reservation is used",
            question: """
                A sequence sets \(Numbers.grouped(maxLength)) tokens aside. What share holds \
                tokens when it has \(lengths.map(Numbers.grouped).joined(separator: ", "))?
                """,
            working: reservations.map {
                "\(Numbers.grouped($0.used)) / \(Numbers.grouped(maxLength)) = "
                    + "\(Numbers.percent($0.utilization, 2)) used, "
                    + "\(Numbers.percent($0.waste, 2)) wasted."
            },
            figures: reservations.flatMap { reservation in
                [
                    ExerciseFigure(
                        "used_share_\(reservation.used)", "share used, \(reservation.used) tokens",
                        reservation.utilization,
                        lesson: lesson[reservation.used].map { .init(.number($0), .right) }),
                    ExerciseFigure(
                        "wasted_share_\(reservation.used)",
                        "share wasted, \(reservation.used) tokens", reservation.waste),
                ]
            },
            pictures: [
                .waste(
                    title: "What a reservation of \(Numbers.grouped(maxLength)) tokens holds",
                    caption: "The shorter a sequence, the more of its reservation is empty.",
                    kinds: "Tokens", names: lengths.map(Numbers.grouped),
                    shares: reservations.map(\.waste))
            ],
            answer: reservations.map { Numbers.percent($0.utilization) }.joined(separator: ", ")
                + " used.",
            corrections: [
                Correction(
                    "In practice 40 to 60 % of the memory is used",
                    right: "It depends on the lengths: the paper measured 20.4 to 38.2 %.",
                    why: "No source is given. quire simulate memory computes it for lengths of "
                        + "your own.")
            ])
    }

    /// Exercise 2.
    static func exercise2(
        lengths: [Int] = [512, 1024, 256, 2048, 800, 1500, 300, 1900], maxLength: Int = 2048,
        megabytesPerToken: Int = 1, blockSizes: [Int] = [16, 32, 128, 256]
    ) -> Exercise {
        let reservation = FullLengthBuffers(lengths: lengths, maxLength: maxLength)
        let pages = blockSizes.map(reservation.paged)
        let megabytes = { (tokens: Int) in Numbers.grouped(tokens * megabytesPerToken) + " MB" }
        return Exercise(
            name: "2", title: "Internal fragmentation",
            question: """
                \(lengths.count) sequences of \(lengths.map(String.init).joined(separator: ", ")) \
                tokens each set \(Numbers.grouped(maxLength)) aside, at \(megabytesPerToken) MB a \
                token. What is allocated, what is used, how large is the internal fragmentation, \
                and what would a perfect allocation save?
                """,
            working: [
                "Allocated: \(lengths.count) x \(maxLength) tokens = "
                    + "\(megabytes(reservation.allocated)).",
                "Used: \(lengths.map(String.init).joined(separator: " + ")) = "
                    + "\(megabytes(reservation.used)).",
                "Internal fragmentation: \(megabytes(reservation.wasted)) of "
                    + "\(megabytes(reservation.allocated)) = "
                    + "\(Numbers.percent(reservation.waste, 2)).",
            ],
            figures: [
                ExerciseFigure(
                    "allocated_mb", "allocated, MB", reservation.allocated * megabytesPerToken),
                ExerciseFigure("used_mb", "used, MB", reservation.used * megabytesPerToken),
                ExerciseFigure(
                    "internal_fragmentation", "internal fragmentation", reservation.waste),
                ExerciseFigure(
                    "saved_mb", "saved, MB", reservation.wasted * megabytesPerToken),
            ] + figures(of: pages),
            tables: [
                ExerciseTable(
                    "the same sequences in blocks",
                    columns: ["tokens a block", "blocks", "slots", "waste"],
                    rows: pages.map {
                        [
                            "\($0.blockSize)", Numbers.grouped($0.blocks),
                            Numbers.grouped($0.slots), Numbers.percent($0.waste, 3),
                        ]
                    })
            ],
            pictures: [
                .waste(
                    title: "Waste by the size of a block",
                    caption: "Blocks waste a fraction of what reservations do, the less the "
                        + "smaller they are.",
                    kinds: "Memory",
                    names: ["reserved"] + pages.map { "blocks of \($0.blockSize)" },
                    shares: [reservation.waste] + pages.map(\.waste))
            ],
            answer: """
                \(megabytes(reservation.allocated)) allocated, \(megabytes(reservation.used)) \
                used: \(Numbers.percent(reservation.waste, 2)) internal fragmentation; a perfect \
                allocation saves \(megabytes(reservation.wasted)), and blocks of \
                \(pages.first?.blockSize ?? 0) tokens nearly all of it.
                """)
    }

    private static func figures(of pages: [FullLengthBuffers.Paged]) -> [ExerciseFigure] {
        pages.flatMap { page in
            [
                ExerciseFigure(
                    "blocks_of_\(page.blockSize)", "blocks of \(page.blockSize) tokens",
                    page.blocks),
                ExerciseFigure(
                    "slots_of_\(page.blockSize)", "tokens that they have room for", page.slots),
                ExerciseFigure(
                    "waste_of_\(page.blockSize)", "share of them that is empty", page.waste),
            ]
        }
    }
}
