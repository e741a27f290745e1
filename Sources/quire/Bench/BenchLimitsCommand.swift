import ArgumentParser
import Reporting
import Tensors

struct BenchLimitsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "limits",
        abstract: "Measure what this machine can do at most: memory, arithmetic, threads.",
        discussion: """
            Decoding is bound by the read bandwidth (GB/s are 10^9 bytes), prefill by the products \
            of bytes (GOP/s are 10^9 operations; a product and its sum are two). Bandwidth is \
            measured in huge pages and in pages of 4 KiB, arithmetic from registers for every \
            level of instructions that this machine has, and the barrier is what a job that does \
            nothing costs on the worker pool. Every figure is taken several times: the best is \
            the limit, the median what the machine gave while its neighbours worked.
            """)

    @Option(
        help: ArgumentHelp("Threads beside one (default: all usable cores).", valueName: "n"))
    var threads: Int?

    @Option(
        help: ArgumentHelp("How long each figure is measured.", valueName: "ms"))
    var milliseconds = 400

    @OptionGroup var output: BenchOutputOptions

    func validate() throws {
        guard (1...1024).contains(threads ?? 1) else {
            throw ValidationError("--threads is \(threads ?? 0); it must be from 1 to 1024.")
        }
        guard (1...60_000).contains(milliseconds) else {
            throw ValidationError("--milliseconds is \(milliseconds); it must be 1 to 60000.")
        }
    }

    func run() async throws {
        try output.report.require(charts: Self.charts([]).count)
        let all = threads ?? MachineInfo.current().usableCores
        let counts = all == 1 ? [1] : [1, all]
        var printer = BenchPrinter(
            output.format, common: BenchMachine.fields(threads: all),
            columns: [
                ("limit", "LIMIT"), ("level", "LEVEL"), ("threads", "THREADS"),
                ("pages", "PAGES"), ("huge_share", "HUGE"), ("unit", "UNIT"), ("best", "BEST"),
                ("median", "MEDIAN"), ("passes", "PASSES"),
            ])
        for line in printer.begin() { StandardStreams.write(line + "\n") }
        for count in counts {
            for huge in [true, false] {
                let reading = try BandwidthProbe.reading(
                    threads: count, hugePages: huge, milliseconds: milliseconds)
                var row = row("read bandwidth", "GB/s", count, reading.rates)
                row["pages"] = .text(huge ? "huge" : "small")
                row["huge_share"] = BenchValue(reading.hugeShare)
                row["bytes"] = .integer(reading.bytes)
                for line in try printer.lines(row) { StandardStreams.write(line + "\n") }
            }
        }
        for level in ISALevel.available.reversed() {
            for operation in ArithmeticProbe.Operation.allCases {
                for count in counts {
                    guard
                        let rates = ArithmeticProbe.rates(
                            operation, level: level, threads: count, milliseconds: milliseconds)
                    else { continue }
                    let name = operation == .int8 ? "int8 products" : "float32 products"
                    var row = row(name, "GOP/s", count, rates)
                    row["level"] = .text(level.rawValue)
                    for line in try printer.lines(row) { StandardStreams.write(line + "\n") }
                }
            }
        }
        for count in counts {
            let times = BarrierProbe.microseconds(
                threads: count, milliseconds: milliseconds)
            // The shortest time is the best one.
            var row = row("barrier", "us", count, times)
            row["best"] = .number(times.least)
            for line in try printer.lines(row) { StandardStreams.write(line + "\n") }
        }
        try printer.write(
            output.report, title: "The limits of this machine",
            summary: "What any program can reach here: memory read, multiplications made.",
            charts: Self.charts)
    }

    private static func charts(_ rows: [BenchRow]) -> [any Chart] {
        ["GB/s", "GOP/s"].map { unit in
            let shown = rows.filter { $0.word("unit") == unit }
            return BarChart(
                title: unit == "GB/s" ? "Reading memory" : "Multiplying matrices",
                caption: unit == "GB/s"
                    ? "Decoding reads all weights for every step: it cannot be faster than this."
                    : "A prompt multiplies all its tokens with all weights: this bounds prefill.",
                categories: shown.map { row in
                    let kind = row["level"].map { $0 == .none ? row.word("pages") : $0.short }
                    return "\(row.word("limit")), \(kind ?? ""), \(row.word("threads")) threads"
                },
                axis: Axis(unit, .count(unit)),
                bars: [.init("median", shown.map { $0.number("median") }, tone: .computed)])
        }
    }

    /// All rows have all fields, as a CSV file needs it.
    private func row(_ name: String, _ unit: String, _ threads: Int, _ samples: Samples) -> BenchRow
    {
        BenchRow([
            "limit": .text(name), "level": .none, "threads": .integer(threads), "pages": .none,
            "huge_share": .none, "bytes": .none, "unit": .text(unit), "best": .number(samples.most),
            "median": .number(samples.median), "spread": .number(samples.spread),
            "passes": .integer(samples.values.count),
        ])
    }
}
