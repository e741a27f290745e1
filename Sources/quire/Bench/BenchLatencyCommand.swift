import ArgumentParser
import Reporting
import Scheduling
import Tensors

struct BenchLatencyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "latency",
        abstract: "Measure what one request waits for: its first token, and each one after.",
        discussion: GenerationTable.discussion)

    @OptionGroup var options: GenerationOptions

    @Option(
        help: ArgumentHelp("Concurrent sequences; several numbers: 1,2,4.", valueName: "n,..."))
    var batch = NumberList([1])

    @OptionGroup var output: BenchOutputOptions

    func validate() throws {
        try batch.check("--batch", 1...SchedulingLimits.maxRunning)
    }

    func run() async throws {
        try GenerationTable.run(
            options, batch: batch.numbers, output: output,
            columns: [
                ("batch", "BATCH"), ("ttft_p50_ms", "TTFT ms"), ("ttft_max_ms", "MAX"),
                ("itl_p50_ms", "ITL ms"), ("itl_p99_ms", "P99"),
                ("decode_tok_s_per_sequence", "TOK/S"), ("decode_spread", "SPREAD"),
                ("gb_s", "GB/s"), ("bandwidth_limit_gb_s", "LIMIT"),
                ("bandwidth_fraction", "OF LIMIT"), ("prefill_tok_s", "PREFILL tok/s"),
                ("linear_int8_fraction", "LINEAR"), ("int8_fraction", "OF INT8"),
            ])
    }
}

struct BenchThroughputCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "throughput",
        abstract: "Measure what all requests get together, for growing numbers of them.",
        discussion: GenerationTable.discussion)

    @OptionGroup var options: GenerationOptions

    @Option(
        help: ArgumentHelp("Concurrent sequences; several numbers: 1,2,4.", valueName: "n,..."))
    var batch = NumberList([1, 2, 4, 8, 16, 32])

    @OptionGroup var output: BenchOutputOptions

    func validate() throws {
        try batch.check("--batch", 1...SchedulingLimits.maxRunning)
    }

    func run() async throws {
        try GenerationTable.run(
            options, batch: batch.numbers, output: output,
            columns: [
                ("batch", "BATCH"), ("prefill_tok_s", "PREFILL tok/s"),
                ("linear_int8_fraction", "LINEAR"), ("int8_fraction", "OF INT8"),
                ("decode_tok_s", "DECODE tok/s"), ("decode_spread", "SPREAD"),
                ("decode_tok_s_per_sequence", "EACH"), ("itl_p50_ms", "ITL ms"), ("gb_s", "GB/s"),
                ("bandwidth_limit_gb_s", "LIMIT"), ("bandwidth_fraction", "OF LIMIT"),
                ("rss_above_mb", "MEMORY MB"),
            ])
    }
}

/// The table of both commands.
enum GenerationTable {
    static let discussion = """
        Prompts are drawn tokens, answers greedy and of full length, and nothing is found in a \
        prefix cache unless --prefix-cache asks for it. Prefill ends when every sequence has its \
        first token; decoding is the steps after that in which all gain one, at a mean context of \
        prompt plus half an answer. Figures are medians over the repetitions, their spread is \
        (most - least) / median. A decoded token reads the weights, shared by the batch, and its \
        own keys and values: GB/s, judged by the read bandwidth \
        that is measured before and after each repetition. \
        OF INT8 is 2 x weights x tokens of the prompts' matrix multiplications by the time of the \
        whole prompts and the int8 peak; LINEAR is the same of the layers' matrix multiplications \
        alone, in the time that they take. \
        MEMORY is the resident peak above the model's file and the KV cache.
        """

    static func run(
        _ options: GenerationOptions, batch: [Int], output: BenchOutputOptions,
        columns: [BenchPrinter.Column]
    ) throws {
        try output.report.require(charts: charts([]).count)
        if options.model == nil { Terminal.note(DemoModel.note) }
        let threads = options.load.threads ?? MachineInfo.current().usableCores
        var printer = BenchPrinter(
            output.format, common: try GenerationBench.common(options, threads: threads),
            columns: columns)
        for line in printer.begin() { StandardStreams.write(line + "\n") }
        for count in batch {
            let row = try GenerationBench.row(options, batch: count, threads: threads)
            for line in try printer.lines(row) { StandardStreams.write(line + "\n") }
            guard options.profile, output.format == .text else { continue }
            for line in PartTimes.table(row) { StandardStreams.write(line + "\n") }
        }
        try printer.write(
            output.report, title: "Generating with \(options.model ?? "the demo model")",
            summary: "Tokens a second of all sequences together, and what each waits.",
            charts: charts)
    }

    private static func charts(_ rows: [BenchRow]) -> [any Chart] {
        func series(_ title: String, _ field: String, by factor: Double = 1) -> Series {
            Series(title, rows.map { .init($0.number("batch"), $0.number(field) * factor) })
        }
        let batch = Axis("Concurrent sequences", .count("sequences"), spacing: .log2)
        return [
            LineChart(
                title: "Throughput by sequences",
                caption: "A step reads the weights once for all sequences: until arithmetic is "
                    + "the bound, more of them cost little.",
                x: batch, y: Axis("Tokens a second", .count("tokens/s")),
                series: [
                    series("decode, all together", "decode_tok_s"),
                    series("decode, each", "decode_tok_s_per_sequence"),
                    series("prefill", "prefill_tok_s"),
                ]),
            LineChart(
                title: "Waiting by sequences",
                caption: "The first token waits for all prompts before it; each later one for a "
                    + "step.",
                x: batch, y: Axis("Time", .seconds, spacing: .log),
                series: [
                    series("time to the first token, median", "ttft_p50_ms", by: 0.001),
                    series("time between tokens, median", "itl_p50_ms", by: 0.001),
                    series("time between tokens, p99", "itl_p99_ms", by: 0.001),
                ]),
        ]
    }
}
