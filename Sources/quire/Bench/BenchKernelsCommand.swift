import ArgumentParser
import Reporting
public import Tensors

extension ISALevel: ExpressibleByArgument {}

struct BenchKernelsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kernels",
        abstract: "Measure every kernel at every level against the machine's limits.",
        discussion: """
            Matrix products of every weight format with 1 to 512 rows of activations, and the \
            operations on rows of floats. GB/s are the bytes of the weights (or of the rows, \
            read and written) by time, judged by the read bandwidth of the same run; GOP/s are \
            products and sums, judged by the peak of the level's int8 (for F32, F16 and BF16: \
            float) products. A product is bound by the larger of the two fractions. Weights are \
            streamed from memory, more of them than caches hold; rows are not.

            quire bench kernels --format json > before.json
            quire bench kernels --compare before.json
            """)

    @Option(
        name: .customLong("weights"),
        help: ArgumentHelp(
            "A weight format, such as Q5_0; may be given more than once (default: all).",
            valueName: "format"))
    var formats: [String] = []

    @Option(
        help: ArgumentHelp(
            "A level, such as avx2 or avx2+avxvnni; may be given more than once (default: all "
                + "here).",
            valueName: "level"))
    var isa: [ISALevel] = []

    @Option(help: ArgumentHelp("Rows of activations.", valueName: "n,..."))
    var rows = NumberList(KernelCases.measuredRows)

    @Option(help: ArgumentHelp("Weights in a row, a multiple of 64.", valueName: "n"))
    var columns = 1024

    @Option(help: ArgumentHelp("Rows of weights.", valueName: "n"))
    var outputs = 4096

    @Option(
        help: ArgumentHelp("Threads that compute (default: all usable cores).", valueName: "n"))
    var threads: Int?

    @Option(
        help: ArgumentHelp("How long each case is measured.", valueName: "ms"))
    var milliseconds = 100

    @Option(
        help: ArgumentHelp(
            "Weights that are read in turn: more than caches hold, of which cores apart from each "
                + "other have one each.", valueName: "size"))
    var stream = ByteCount(256 << 20)

    @Flag(
        name: .customLong("row-operations"), inversion: .prefixedNo,
        help: "Measure the operations on rows of floats too.")
    var rowOperations = true

    @Option(
        help: ArgumentHelp(
            "Rows of an earlier run with --format json: show how many times as fast each is.",
            valueName: "file"), completion: .file(extensions: ["json"]))
    var compare: String?

    @OptionGroup var output: BenchOutputOptions

    func validate() throws {
        _ = try chosenFormats()
        try rows.check("--rows", 1...4096)
        for (value, name, most) in [
            (columns, "--columns", 1 << 17), (outputs, "--outputs", 1 << 20),
            (threads ?? 1, "--threads", 1024), (milliseconds, "--milliseconds", 60_000),
        ] where value < 1 || value > most {
            throw ValidationError("\(name) is \(value); it must be from 1 to \(most).")
        }
        guard columns % 64 == 0 else {
            throw ValidationError("--columns is \(columns); it must be a multiple of 64.")
        }
    }

    private func chosenFormats() throws -> [TensorFormat] {
        guard !formats.isEmpty else { return TensorFormat.supported }
        return try formats.map { name in
            guard
                let format = TensorFormat.supported.first(where: {
                    $0.name.lowercased() == name.lowercased()
                })
            else {
                throw ValidationError(
                    "--weights is '\(name)'; it must be one of "
                        + TensorFormat.supported.map(\.name).joined(separator: ", ") + ".")
            }
            return format
        }
    }

    func run() async throws {
        let baseline = try compare.map {
            try BenchBaseline(
                file: $0,
                keys: ["kernel", "weights", "isa", "rows", "columns", "outputs", "threads"])
        }
        let threads = threads ?? MachineInfo.current().usableCores
        var common = BenchMachine.fields(threads: threads)
        common["isa"] = nil
        var printer = BenchPrinter(output.format, common: common, columns: Self.columns(compare))
        for line in printer.begin() { StandardStreams.write(line + "\n") }
        func emit(_ given: BenchRow) throws {
            var row = given
            row["threads"] = .integer(threads)
            row["speedup"] = BenchValue(baseline?.speedup(of: row, field: "us"))
            for line in try printer.lines(row) { StandardStreams.write(line + "\n") }
        }
        for level in isa.isEmpty ? ISALevel.available.reversed() : isa {
            let bench = try KernelBench(
                level: level, threads: threads, milliseconds: milliseconds,
                streamedBytes: stream.bytes)
            for (index, format) in try chosenFormats().enumerated() {
                let cases = KernelCases.measured(
                    formats: [format], rows: rows.numbers, columns: columns, outputs: outputs)
                try bench.products(cases, seed: UInt64(index + 1), emit: emit)
            }
            guard rowOperations else { continue }
            for count in rows.numbers where count <= 32 {
                try bench.rowOperations(rows: count, emit: emit)
            }
        }
        try printer.write(
            output.report, title: "Kernels against the machine's limits",
            summary: "Products are bound by memory with few rows, by arithmetic with many.",
            charts: Self.charts)
    }

    /// For each level: how near each format comes to its bound, over the rows of a step.
    private static func charts(_ rows: [BenchRow]) -> [any Chart] {
        let products = rows.filter { $0["peak_fraction"]?.number != nil }
        var levels: [String] = []
        for row in products where !levels.contains(row.word("isa")) {
            levels.append(row.word("isa"))
        }
        return levels.map { level in
            let here = products.filter { $0.word("isa") == level }
            var formats: [String] = []
            for row in here where !formats.contains(row.word("weights")) {
                formats.append(row.word("weights"))
            }
            return LineChart(
                title: "Fraction of the bound, \(level)",
                caption: "The larger of the shares of bandwidth and of arithmetic that a product "
                    + "reaches.",
                x: Axis("Rows of activations", .count("rows"), spacing: .log2),
                y: Axis("Of the bound", .percent),
                series: formats.map { format in
                    Series(
                        format,
                        here.filter { $0.word("weights") == format }.map { row in
                            let parts = [
                                row.number("bandwidth_fraction"), row.number("peak_fraction"),
                            ].filter(\.isFinite)
                            return .init(row.number("rows"), parts.max() ?? .nan)
                        })
                })
        }
    }

    private static func columns(_ compare: String?) -> [BenchPrinter.Column] {
        let columns: [BenchPrinter.Column] = [
            ("kernel", "KERNEL"), ("weights", "WEIGHTS"), ("isa", "LEVEL"), ("rows", "ROWS"),
            ("us", "us"), ("spread", "SPREAD"), ("gb_s", "GB/s"),
            ("bandwidth_fraction", "OF LIMIT"), ("gop_s", "GOP/s"), ("peak_fraction", "OF PEAK"),
        ]
        return compare == nil ? columns : columns + [("speedup", "SPEEDUP")]
    }
}
