import ArgumentParser
import Scheduling
import Simulation

/// `quire simulate fairness`.
struct SimulateFairnessCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fairness",
        abstract: "Share a machine among tenants under several orders, and check the fair one.",
        discussion: """
            quire simulate fairness --model llama-2-7b --device a10 --batch 16 \\
                --client "heavy=independent: requests=400, rate=4, prompt=256" \\
                --client "light=independent: requests=100, rate=1, prompt=256"

            quire simulate fairness --trace Examples/traces/arena-clients.csv --speedup 4 \\
                --model llama-2-7b --device a10

            The same requests are served under each order. Service counts a token of a prompt once \
            and a token of an answer twice. Under fair it is checked after every step that the \
            counters of tenants with waiting requests differ by U at most, and their services over \
            any time in which both wait by 2 U, where U is the larger of the longest prompt and \
            twice the tokens that memory holds (Sheng et al., OSDI 2024).
            """)

    @Option(
        help: ArgumentHelp(
            "A tenant and its offered load, as \"a=independent: requests=100, rate=1\"; give one "
                + "for each tenant, in place of --trace and --workload.", valueName: "name=spec"))
    var client: [String] = []

    @Option(
        name: .customLong("orders"),
        help: ArgumentHelp(
            "The orders to compare, of fcfs, priority, fair, prefix and static.",
            valueName: "name,..."))
    var orders = "fcfs,priority,fair"

    @Option(
        help: ArgumentHelp(
            "A tenant's share under fair, as a=2 (default: 1); may be given several times.",
            valueName: "name=n"))
    var share: [String] = []

    @Option(
        help: ArgumentHelp(
            "A tenant's class under priority, lower first, as a=0 (default: by their first "
                + "requests, the first is 0); may be given several times.", valueName: "name=n"))
    var level: [String] = []

    @Option(
        help: ArgumentHelp(
            "Compare the services up to this time, while all still send (default: up to the last "
                + "arrival).", valueName: "time"))
    var duration: ShortTime?

    @OptionGroup var source: TraceOptions

    @Option(
        help: ArgumentHelp("Let requests come so many times as fast.", valueName: "factor"))
    var speedup: Double?

    @OptionGroup var machine: SimulatedMachine

    @OptionGroup var settings: SimulatedSettings

    @Option(name: .long, help: "What stdout gets: text for a person, json or csv for a program.")
    var format = BenchFormat.text

    @OptionGroup var report: ReportOptions

    func validate() throws {
        guard client.isEmpty == source.isGiven else {
            throw ValidationError(
                "Give --trace FILE, --workload SPEC, or a --client for each tenant.")
        }
        try SimulatedTraffic.checkPace(speedup, "--speedup")
        guard machine.replicas == 1 else {
            throw ValidationError(
                "--replicas: tenants are compared on one machine; leave it out.")
        }
        guard settings.scheduling.order == .fcfs else {
            throw ValidationError("--order: give the orders to compare as --orders.")
        }
        _ = try choices()
    }

    func run() async throws {
        let trace = try requests()
        let service = try machine.service(
            batch: settings.batch ?? settings.scheduling.mode?.running, chunk: settings.chunk)
        var runs: [FairnessRun] = []
        for order in try choices() {
            var setup = try settings.setup(service, machine, load: .open, target: nil)
            setup.scheduling.order = order
            setup.standings = try standings(trace)
            setup.recordsTenants = true
            var simulation = try ServiceSimulation(trace, setup)
            let result = simulation.run()
            runs.append(
                FairnessRun(order, result, setup, until: duration.map { $0.seconds }))
        }
        let stamp = ResultStamp(
            trace, seed: source.trace == nil ? source.seed : nil,
            version: Quire.configuration.version, loop: .open)
        let answer = FairnessReport(
            runs: runs, stamp: stamp, cost: service.costs.name, assumptions: service.assumptions)
        switch format {
        case .text: for line in answer.lines { print(line) }
        case .json: print(try JSONText.pretty(answer.json))
        case .csv:
            for line in answer.csv { print(line) }
            Terminal.note(answer.stamp.line)
        }
        try report.write { answer.page() }
        if let violation = runs.compactMap(\.finding?.violation).first {
            throw SimulateServeError("the bound of the fair order does not hold: \(violation)")
        }
    }

    private func choices() throws -> [OrderChoice] {
        try orders.split(separator: ",", omittingEmptySubsequences: false).map { name in
            guard let order = OrderChoice(name: String(name)) else {
                throw ValidationError(
                    "There is no order '\(name)'; there are "
                        + "\(OrderChoice.all.map(\.name).joined(separator: ", ")).")
            }
            return order
        }
    }
}
