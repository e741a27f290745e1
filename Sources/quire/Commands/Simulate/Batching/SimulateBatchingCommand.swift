import ArgumentParser
import Reporting
import Simulation

/// `quire simulate batching`.
struct SimulateBatchingCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "batching",
        abstract: "See who waits for whom in static, dynamic and continuous batches.",
        discussion: """
            static: a batch waits until its slots are filled and ends with its longest request. \
            dynamic: it starts after --window at the latest, with whoever is there, and ends as \
            static does. continuous: a request takes a free slot at once and leaves it when it is \
            done.

            A request takes the same time whatever its neighbours are: what is compared is who \
            waits. Requests of a trace are also run as if all came at once; "with a backlog" is \
            the rate when the same requests come again and again.

            quire simulate batching
            quire simulate batching --example sixteen --batch 16 --report batching.html
            quire simulate batching --times 8,11,16,4 --batch 2 --mode static,continuous
            quire simulate batching --trace Examples/traces/azure-code.csv --batch 8 \\
                --window 500ms --format csv
            """)

    @OptionGroup var source: BatchingRequestOptions

    @Option(
        help: ArgumentHelp("Slots of a batch (default: the requests, at most 16).", valueName: "n"))
    var batch: Int?

    @Option(
        help: ArgumentHelp(
            "How long a dynamic batch waits for others (default: 100ms).", valueName: "time"))
    var window: TimeSpan?

    @Option(help: ArgumentHelp("Which to run.", valueName: "name,..."))
    var mode = "static,dynamic,continuous"

    @Option(name: .long, help: "What stdout gets: text for a person, json or csv for a program.")
    var format: BenchFormat = .text

    @OptionGroup var page: ReportOptions

    func validate() throws {
        if let batch, !(1...SimulationLimits.batchingSlots).contains(batch) {
            throw ValidationError(
                "--batch is \(batch); it is from 1 to \(SimulationLimits.batchingSlots).")
        }
        guard try !modes().isEmpty else { throw ValidationError("--mode names none.") }
    }

    private var windowSeconds: Double {
        guard let window else { return 0.1 }
        let (seconds, attoseconds) = window.duration.components
        return Double(seconds) + Double(attoseconds) * 1e-18
    }

    private func modes() throws -> [BatchingMode] {
        try mode.split(separator: ",").map { name in
            switch name {
            case "static": .static
            case "dynamic": .dynamic(window: windowSeconds)
            case "continuous": .continuous
            default:
                throw ValidationError(
                    "'\(Terminal.plain(String(name)))' is none of static, dynamic, continuous.")
            }
        }
    }

    func run() async throws {
        let requests = try source.jobs()
        let slots = batch ?? min(requests.jobs.count, 16)
        var rows: [BatchingRow] = []
        var runs: [BatchingRun] = []
        let modes = try modes()
        let isRepeated = !source.hasArrivals && modes.contains(.continuous)
        let atOnce = requests.jobs.map { BatchingJob(work: $0.work) }
        for allAtOnce in source.hasArrivals ? [false, true] : [true] {
            for mode in modes {
                let run = mode.run(allAtOnce ? atOnce : requests.jobs, slots: slots)
                rows.append(
                    BatchingRow(
                        mode, run,
                        backlog: mode.backloggedThroughput(requests.jobs, slots: slots),
                        allAtOnce: allAtOnce))
                runs.append(run)
            }
        }
        let result = BatchingResult(
            stamp: ResultStamp(
                traceHash: requests.hash, seed: requests.seed,
                version: Quire.configuration.version, loop: .open),
            name: requests.name, rows: rows)
        let shown = BatchingReportPage(
            result: result, runs: runs,
            backlog: isRepeated ? requests.jobs : nil,
            parameters: [
                ("requests", "\(requests.jobs.count) (\(requests.name))"), ("slots", "\(slots)"),
                ("window", "\(windowSeconds) s"),
            ])
        if requests.left > 0 {
            Terminal.note("\(requests.left) requests without an answer are left out.")
        }
        switch format {
        case .json: print(try JSONText.line(result))
        case .csv:
            for line in BatchingRow.csv(rows) { print(line) }
            Terminal.note(result.stamp.line)
        case .text: for line in shown.lines { print(line) }
        }
        try page.write { shown.report }
    }
}
