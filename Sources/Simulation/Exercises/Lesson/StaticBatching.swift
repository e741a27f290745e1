import Planning

/// What static batching makes requests wait for: exercise 3 and the examples before it.
enum StaticBatching {
    /// The lesson's batch of eight.
    static func eight(
        completions: [Int] = [10, 12, 45, 8, 11, 9, 13, 10]
    ) -> Exercise {
        let batch = HeadOfLine(completions: completions)
        return Exercise(
            name: "batch-of-8", title: "A batch of eight",
            question: """
                Eight requests of \(list(completions)) seconds run as one batch. What is the \
                throughput, and how much of the batch's slots is idle?
                """,
            working: [
                "The batch ends with its longest request, after \(batch.makespan) s.",
                "Throughput: \(batch.size) / \(batch.makespan) s = "
                    + "\(Numbers.decimal(batch.throughput, 4)) requests a second.",
                slots(batch),
                "With a backlog, a slot that falls free is taken at once: \(batch.size) slots / "
                    + "\(Numbers.decimal(batch.meanCompletion, 2)) s = "
                    + "\(Numbers.decimal(batch.continuousThroughput, 3)) requests a second, "
                    + "\(Numbers.decimal(batch.gain, 2)) times as many.",
            ],
            figures: figures(
                batch, throughput: .init(.number(0.178), .right), idle: .init(.number(0.75), .wrong)
            ),
            pictures: [picture(batch)],
            answer: """
                \(Numbers.decimal(batch.throughput, 4)) requests a second; \
                \(Numbers.percent(1 - batch.utilization)) of the slots' time is idle, and a \
                request waits \(Numbers.decimal(batch.meanWait, 2)) s on average after its own \
                end.
                """,
            corrections: [
                Correction(
                    "About 75 % of the cycles are idle",
                    right: "\(Numbers.percent(1 - batch.utilization)) of the slots' time is.",
                    why: "75 % belongs to exercise 3. And an idle slot is no idle GPU: a half "
                        + "empty batch still reads all weights in every step.")
            ])
    }

    /// The lesson's time line of four.
    static func timeline(completions: [Int] = [8, 11, 16, 4]) -> Exercise {
        let batch = HeadOfLine(completions: completions)
        var rows: [[String]] = []
        for (index, (time, wait)) in zip(completions, batch.waits).enumerated() {
            rows.append([
                "request \(index + 1)", "\(time)", "\(wait)",
                String(repeating: "#", count: min(time, 64))
                    + String(repeating: ".", count: min(wait, 64)),
            ])
        }
        let last = batch.waits.last ?? 0
        return Exercise(
            name: "timeline", title: "Four requests that wait for one",
            question: """
                \(completions.count) requests of \(list(completions)) time units run as one \
                batch. Who waits, and for how long?
                """,
            working: [
                "The batch ends at \(batch.makespan); the waits are \(list(batch.waits)), "
                    + "\(batch.totalWait) together.",
                slots(batch),
            ],
            figures: figures(batch) + [
                ExerciseFigure(
                    "last_wait", "wait of the last request", last,
                    lesson: .init(.integer(12), .right))
            ],
            tables: [
                ExerciseTable(
                    "the batch (# works, . waits)",
                    columns: ["request", "takes", "waits", "time line"], rows: rows)
            ],
            pictures: [picture(batch)],
            answer: "The last request waits \(last) units; all together \(batch.totalWait).",
            corrections: [
                Correction(
                    "The other GPUs wait",
                    right: "The other requests wait, in slots of the same GPU.",
                    why: "A batch runs on one device (or on several that work as one): what is "
                        + "idle is a row of its matrices.")
            ])
    }

    /// Exercise 3.
    static func exercise3(
        completions: [Int] = [5, 8, 12, 45, 6, 7, 9, 11, 5, 6, 8, 10, 52, 7, 8, 9]
    ) -> Exercise {
        let batch = HeadOfLine(completions: completions)
        return Exercise(
            name: "3", title: "Static batching",
            question: """
                \(batch.size) requests of \(list(completions)) seconds run as one batch. When \
                does it end, how long does a request wait on average, how busy are the slots, \
                and what does it save to return finished requests at once?
                """,
            working: [
                "The batch ends with its longest request, after \(batch.makespan) s.",
                "A request waits \(Numbers.decimal(batch.meanWait, 1)) s on average after its own "
                    + "end: its latency is \(batch.makespan) s, and would be "
                    + "\(Numbers.decimal(batch.meanCompletion, 0)) s.",
                slots(batch),
                "Returning finished requests frees \(batch.idle) slot-seconds. These "
                    + "\(batch.size) alone end no sooner: the longest still takes "
                    + "\(batch.makespan) s.",
                "With a backlog the freed slots are taken: \(batch.size) / "
                    + "\(Numbers.decimal(batch.meanCompletion, 0)) = "
                    + "\(Numbers.decimal(batch.continuousThroughput, 3)) requests a second against "
                    + "\(Numbers.decimal(batch.throughput, 4)), "
                    + "\(Numbers.decimal(batch.gain, 1)) times as many.",
            ],
            figures: figures(batch),
            pictures: [picture(batch)],
            answer: """
                \(batch.makespan) s; \(Numbers.decimal(batch.meanWait, 1)) s of waiting; slots \
                are busy \(Numbers.percent(batch.utilization)) of the time; \(batch.idle) \
                slot-seconds (\(Numbers.percent(1 - batch.utilization, 0))) are freed, though \
                not one second of this batch's end.
                """,
            corrections: [
                Correction(
                    "The GPU is idle while a request waits",
                    right: "A slot is.",
                    why: "A half empty decode batch reads all weights as a full one does: the "
                        + "step takes nearly as long, and yields fewer tokens.")
            ])
    }

    private static func picture(_ batch: HeadOfLine) -> ExercisePicture {
        .batch(
            title: "A batch of \(batch.size) that waits for its longest",
            caption: "Slots work \(Numbers.percent(batch.utilization)) of the time; the rest is "
                + "waiting for the longest request.",
            completions: batch.completions)
    }

    private static func list(_ numbers: [Int]) -> String {
        numbers.map(String.init).joined(separator: ", ")
    }

    private static func slots(_ batch: HeadOfLine) -> String {
        "Slots: \(batch.busy) busy of \(batch.size) x \(batch.makespan) = \(batch.held), "
            + "\(Numbers.percent(batch.utilization)); idle "
            + "\(Numbers.percent(1 - batch.utilization))."
    }

    private static func figures(
        _ batch: HeadOfLine, throughput: ExerciseFigure.Lesson? = nil,
        idle: ExerciseFigure.Lesson? = nil
    ) -> [ExerciseFigure] {
        [
            ExerciseFigure("makespan", "end of the batch", batch.makespan),
            ExerciseFigure("busy_slot_time", "busy time of slots", batch.busy),
            ExerciseFigure("idle_slot_time", "idle time of slots", batch.idle),
            ExerciseFigure("slot_utilization", "share that is busy", batch.utilization),
            ExerciseFigure("idle_share", "share that is idle", 1 - batch.utilization, lesson: idle),
            ExerciseFigure("total_wait", "waiting, all requests", batch.totalWait),
            ExerciseFigure("mean_wait", "waiting, a request", batch.meanWait),
            ExerciseFigure("static_latency", "latency of every request, static", batch.makespan),
            ExerciseFigure(
                "immediate_latency", "mean latency, returned at once", batch.meanCompletion),
            ExerciseFigure("saved_makespan", "saved of the batch's end", batch.savedMakespan),
            ExerciseFigure(
                "static_throughput", "requests in a unit of time, static", batch.throughput,
                lesson: throughput),
            ExerciseFigure(
                "continuous_throughput", "requests in a unit of time, continuous",
                batch.continuousThroughput),
            ExerciseFigure("gain", "times as many", batch.gain),
        ]
    }
}
