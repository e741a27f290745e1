import Planning

/// Exercise 6: the benchmark of allocations, run, and drawn.
enum AllocationExercise {
    /// Exercise 6, measured on this machine.
    static func exercise6(_ benchmark: AllocationBenchmark = AllocationBenchmark()) -> Exercise {
        exercise6(benchmark, benchmark.run())
    }

    /// Exercise 6, from what was measured.
    static func exercise6(
        _ benchmark: AllocationBenchmark, _ rows: [AllocationBenchmark.Row]
    ) -> Exercise {
        let median = AllocationBenchmark.Row.median
        let longest = rows.map { median($0.allocate) }.max() ?? 0
        return Exercise(
            name: "6", title: "What an allocation costs",
            question: """
                How long does it take to get cleared memory for the keys and values of a \
                sequence, by its length; what do \(Numbers.grouped(benchmark.requests)) requests \
                cost; and what does a pool that was made beforehand cost instead?
                """,
            working: [
                "Measured here: one head of one layer, \(benchmark.hiddenSize) elements of 16 "
                    + "bits for a token's key and as many for its value; the median of "
                    + "\(benchmark.iterations). It varies with the machine and the moment.",
                "The pool pops blocks of \(benchmark.blockSize) tokens off a list; the memory "
                    + "behind them is there since the start.",
                "Growing by one token copies all before it: n (n - 1) / 2 tokens for n, "
                    + "\(rows.map { Numbers.grouped($0.tokenCopies) }.joined(separator: ", ")).",
            ],
            figures: rows.flatMap { row in
                [
                    ExerciseFigure(
                        "allocate_\(row.length)_seconds", "\(row.length) tokens: allocate, s",
                        median(row.allocate)),
                    ExerciseFigure(
                        "pool_\(row.length)_seconds", "\(row.length) tokens: pool, s",
                        median(row.pool)),
                    ExerciseFigure(
                        "grow_\(row.length)_seconds", "\(row.length) tokens: grow by copies, s",
                        median(row.grow)),
                    ExerciseFigure(
                        "grow_\(row.length)_token_copies", "\(row.length) tokens: tokens copied",
                        row.tokenCopies),
                    ExerciseFigure(
                        "pool_\(row.length)_blocks", "\(row.length) tokens: blocks", row.blocks),
                ]
            },
            tables: [table(benchmark, rows, longest: longest)],
            pictures: [
                .times(
                    title: "The time to get memory for a sequence",
                    caption: "Clearing memory takes as long as there is of it, copying as the "
                        + "square of that; the pool pops a number for every "
                        + "\(benchmark.blockSize) tokens.",
                    lengths: rows.map(\.length),
                    series: [
                        .init("allocate and clear", rows.map { median($0.allocate) }),
                        .init("from the pool", rows.map { median($0.pool) }),
                        .init("grow by copies", rows.map { median($0.grow) }),
                    ])
            ],
            answer: answer(benchmark, rows),
            corrections: [
                Correction(
                    "CUDA memory allocation can take milliseconds",
                    right: "cudaMalloc can; the allocator of a framework keeps what was freed and "
                        + "mostly answers from it.",
                    why: "What remains is clearing the memory, which grows with the length, and "
                        + "the reservation itself, which is the larger loss.")
            ])
    }

    private static func table(
        _ benchmark: AllocationBenchmark, _ rows: [AllocationBenchmark.Row], longest: Double
    ) -> ExerciseTable {
        let median = AllocationBenchmark.Row.median
        let requests = Double(benchmark.requests)
        return ExerciseTable(
            "times by length; the bars are the allocation's",
            columns: [
                "tokens", "allocate us", "pool us", "grow by copies us", "tokens copied",
                "\(benchmark.requests) allocations ms", "from the pool ms", "bar",
            ],
            rows: rows.map { row in
                let allocate = median(row.allocate)
                let bar = longest > 0 ? Int((allocate / longest * 24).rounded()) : 0
                return [
                    "\(row.length)", Numbers.decimal(allocate * 1e6, 1),
                    Numbers.decimal(median(row.pool) * 1e6, 2),
                    Numbers.decimal(median(row.grow) * 1e6, 0), Numbers.grouped(row.tokenCopies),
                    Numbers.decimal(allocate * requests * 1e3, 1),
                    Numbers.decimal(median(row.pool) * requests * 1e3, 2),
                    String(repeating: "#", count: max(bar, 1)),
                ]
            })
    }

    private static func answer(
        _ benchmark: AllocationBenchmark, _ rows: [AllocationBenchmark.Row]
    ) -> String {
        guard let last = rows.last else { return "Nothing was measured." }
        let median = AllocationBenchmark.Row.median
        let (allocate, pool) = (median(last.allocate), median(last.pool))
        let requests = Double(benchmark.requests)
        let ratio =
            pool > 0 && allocate > 2 * pool
            ? ": \(Numbers.decimal(allocate / pool, 0)) times less" : ""
        return """
            At \(Numbers.grouped(last.length)) tokens \(Numbers.grouped(benchmark.requests)) \
            requests cost \(Numbers.decimal(allocate * requests * 1e3, 1)) ms of allocations, \
            \(Numbers.decimal(pool * requests * 1e3, 2)) ms from the pool\(ratio). \
            Growing one such sequence by copies takes \
            \(Numbers.decimal(median(last.grow) * 1e3, 0)) ms.
            """
    }
}
