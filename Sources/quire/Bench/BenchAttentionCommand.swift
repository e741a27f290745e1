import ArgumentParser
import Reporting
public import Tensors

extension KVElement: ExpressibleByArgument {}

struct BenchAttentionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attention",
        abstract: "Measure attention by form: time, memory, and what paging costs.",
        discussion: """
            Prompts of growing length through one layer, causal, four ways: standard (a matrix \
            of tokens x tokens for each thread), memory-efficient (chunks with running maxima \
            and sums, Rabe and Staats 2021), the flash kernel over one block as long as the \
            prompt, and the same over blocks of --block-size in a drawn order. Then one query \
            over such contexts, for every number format of keys and values, reading from memory: \
            GB/s of keys and values, judged by the bandwidth of the same minute. PENALTY is what \
            the paged form takes longer than the contiguous one, measured in turns. The default \
            shape is that of Qwen2.5 0.5B. GOP/s count the pairs that a causal mask leaves.
            """)

    @Option(help: ArgumentHelp("Lengths of prompts and contexts.", valueName: "n,..."))
    var tokens = NumberList([256, 512, 1024, 2048, 4096, 8192])

    @Option(help: ArgumentHelp("Query heads.", valueName: "n"))
    var heads = 14

    @Option(help: ArgumentHelp("Heads of keys and values.", valueName: "n"))
    var kvHeads = 2

    @Option(help: ArgumentHelp("Elements of a head.", valueName: "n"))
    var headDim = 64

    @Option(help: ArgumentHelp("Tokens of a block of the paged form.", valueName: "n"))
    var blockSize = 16

    @Option(
        help: ArgumentHelp(
            "Queries, and keys, of a chunk of the memory-efficient form.", valueName: "n"))
    var chunk = 1024

    @Option(
        help: ArgumentHelp(
            "A number format of keys and values; may be given more than once (default: all; "
                + "prompts use the first).", valueName: "format"))
    var kvDtype: [KVElement] = []

    @Flag(inversion: .prefixedNo, help: "Measure whole prompts.")
    var prefill = true

    @Flag(inversion: .prefixedNo, help: "Measure one query over a context.")
    var decode = true

    @Option(
        help: ArgumentHelp("Threads that compute (default: all usable cores).", valueName: "n"))
    var threads: Int?

    @Option(help: ArgumentHelp("How long each case is measured at least.", valueName: "ms"))
    var milliseconds = 200

    @OptionGroup var output: BenchOutputOptions

    func validate() throws {
        try tokens.check("--tokens", 1...(1 << 17))
        for (value, name, most) in [
            (heads, "--heads", 1024), (kvHeads, "--kv-heads", 1024), (headDim, "--head-dim", 1024),
            (blockSize, "--block-size", 1 << 17), (chunk, "--chunk", 1 << 17),
            (threads ?? 1, "--threads", 1024), (milliseconds, "--milliseconds", 60_000),
        ] where value < 1 || value > most {
            throw ValidationError("\(name) is \(value); it must be from 1 to \(most).")
        }
        guard heads % kvHeads == 0 else {
            throw ValidationError("--heads is \(heads); it must be a multiple of --kv-heads.")
        }
    }

    func run() async throws {
        try output.report.require(charts: Self.charts([]).count)
        let threads = threads ?? MachineInfo.current().usableCores
        let compute = Compute(pool: WorkerPool(threads: threads))
        let bench = AttentionBench(
            compute: compute,
            shape: MeasuredAttention(heads: heads, kvHeads: kvHeads, headDim: headDim),
            blockSize: blockSize, chunk: chunk, milliseconds: milliseconds)
        let settings = BenchRow([
            "heads": .integer(heads), "kv_heads": .integer(kvHeads),
            "head_dim": .integer(headDim), "chunk": .integer(chunk),
        ])
        var printer = BenchPrinter(
            output.format, common: settings.followed(by: BenchMachine.fields(threads: threads)),
            columns: [
                ("form", "FORM"), ("phase", "PHASE"), ("tokens", "TOKENS"), ("kv_dtype", "KV"),
                ("ms", "ms"), ("spread", "SPREAD"), ("gop_s", "GOP/s"),
                ("peak_fraction", "OF PEAK"), ("gb_s", "GB/s"),
                ("bandwidth_fraction", "OF LIMIT"), ("scratch_mb", "SCRATCH MB"),
                ("penalty", "PENALTY"),
            ])
        for line in printer.begin() { StandardStreams.write(line + "\n") }
        func emit(_ row: BenchRow) throws {
            for line in try printer.lines(row) { StandardStreams.write(line + "\n") }
        }
        let elements = kvDtype.isEmpty ? KVElement.allCases : kvDtype
        if prefill {
            for count in tokens.numbers {
                try bench.prefill(count, element: elements[0], emit: emit)
            }
        }
        for element in decode ? elements : [] {
            for count in tokens.numbers {
                try bench.decode(count, element: element, emit: emit)
            }
        }
        try printer.write(
            output.report, title: "Attention",
            summary: "Prompts grow with the square of their length, decoding with the length.",
            charts: Self.charts)
    }

    private static func charts(_ rows: [BenchRow]) -> [any Chart] {
        var names: [String] = []
        func name(_ row: BenchRow) -> String {
            "\(row.word("form")), \(row.word("phase")), \(row.word("kv_dtype"))"
        }
        for row in rows where !names.contains(name(row)) { names.append(name(row)) }
        return [
            LineChart(
                title: "Time of attention by tokens",
                caption: "On these axes a line twice as steep grows with the square.",
                x: Axis("Tokens", .count("tokens"), spacing: .log2),
                y: Axis("Time", .seconds, spacing: .log),
                series: names.map { each in
                    Series(
                        each,
                        rows.filter { name($0) == each }.map {
                            .init($0.number("tokens"), $0.number("ms") / 1000)
                        })
                })
        ]
    }
}
