import ArgumentParser
import Scheduling
import Simulation

/// `quire simulate fairness`.
struct SimulateFairnessCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fairness",
        abstract: "Share a machine among tenants under several orders, and check the fair one.",
        discussion: """
            quire simulate fairness --model llama-2-7b --device a10 --batch 16 --duration 2m \\
                --client "heavy=independent: requests=400, rate=4, prompt=256, output=256" \\
                --client "light=independent: requests=100, rate=1, prompt=256, output=256"

            quire simulate fairness --trace arena_27_clients.csv --speedup 4 --model llama-2-7b \\
                --device a10

            The same requests are served under each order. Service counts a token of a prompt once \
            and a token of an answer twice. Under fair it is checked after every step that the \
            counters of tenants with waiting requests differ by U at most, and their services over \
            any time in which both wait by 2 U, where U is the larger of the longest prompt and \
            twice the tokens that memory holds (Sheng et al., OSDI 2024).
            """)

    @Option(
        help: ArgumentHelp(
            "A tenant and its offered load, as \"a=independent: requests=100, rate=1\"; give one "
                + "for each tenant, in place of --trace.", valueName: "name=spec"))
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

    @OptionGroup var traffic: FairnessTraffic

    @OptionGroup var machine: SimulatedMachine

    @OptionGroup var settings: SimulatedSettings

    @Option(name: .long, help: "What stdout gets: text for a person, json or csv for a program.")
    var format = BenchFormat.text

    @OptionGroup var report: ReportOptions

    func validate() throws {
        guard client.isEmpty == (traffic.trace != nil) else {
            throw ValidationError("Give --trace FILE, or a --client for each tenant.")
        }
        _ = try choices()
    }

    func run() async throws {
        let trace = try traffic.read(clients: client)
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
            trace, seed: client.isEmpty ? nil : traffic.seed, version: Quire.configuration.version,
            loop: .open)
        let answer = FairnessReport(
            runs: runs, stamp: stamp, cost: service.costs.name, assumptions: service.assumptions)
        switch format {
        case .text: for line in answer.lines { print(line) }
        case .json: print(try JSONText.pretty(answer.json))
        case .csv: for line in answer.csv { print(line) }
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

    private func standings(_ trace: Trace) throws -> [String: ServiceSetup.Standing] {
        var standings: [String: ServiceSetup.Standing] = [:]
        var count = 0
        for request in trace.requests {
            let name = request.tenant ?? ""
            guard standings[name] == nil else { continue }
            standings[name] = ServiceSetup.Standing()
            standings[name]?.priority = count
            count += 1
        }
        for (name, value) in try Self.pairs(share, "--share", known: standings) {
            guard value > 0, value.isFinite else {
                throw SimulateServeError("--share \(name): a share is above 0")
            }
            standings[name]?.weight = value
        }
        for (name, value) in try Self.pairs(level, "--level", known: standings) {
            guard let level = Int(exactly: value) else {
                throw SimulateServeError("--level \(name): a class is a whole number")
            }
            standings[name]?.priority = level
        }
        return standings
    }

    private static func pairs(
        _ texts: [String], _ option: String, known: [String: ServiceSetup.Standing]
    ) throws -> [(String, Double)] {
        try texts.map { text in
            let sides = text.split(separator: "=", omittingEmptySubsequences: false)
            guard sides.count == 2, let value = Double(sides[1]) else {
                throw SimulateServeError("\(option) \"\(text)\" is no NAME=NUMBER")
            }
            guard known[String(sides[0])] != nil else {
                throw SimulateServeError("\(option): no request is of \"\(sides[0])\"")
            }
            return (String(sides[0]), value)
        }
    }
}

/// Whose requests are shared out.
struct FairnessTraffic: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A trace whose requests have tenants: the arena trace, or a table of "
                + "arrived_at,prompt_tokens,output_tokens,tenant.", valueName: "file"),
        completion: .file())
    var trace: String?

    @Option(help: ArgumentHelp("The seed of what is drawn.", valueName: "n"))
    var seed: UInt64 = 0

    @Option(
        help: ArgumentHelp("Let requests come so many times as fast.", valueName: "factor"))
    var speedup = 1.0

    func validate() throws {
        guard speedup > 0, speedup <= 1e9 else {
            throw ValidationError("--speedup is \(speedup); it must be above 0.")
        }
    }

    /// The requests of all tenants, in the order of their arrival.
    func read(clients: [String]) throws -> Trace {
        do {
            if let trace {
                let read = try Trace.read(StandardStreams.bytes(file: trace), name: trace)
                return read.inOrderOfArrival.faster(by: speedup)
            }
            var requests: [TraceRequest] = []
            for (index, client) in clients.enumerated() {
                let sides = client.split(separator: "=", maxSplits: 1)
                guard sides.count == 2 else {
                    throw SimulateServeError("--client \"\(client)\" is no NAME=SPEC")
                }
                let drawn = try Workload.draw(String(sides[1]), seed: seed &+ UInt64(index))
                requests += drawn.requests.map { request in
                    var request = request
                    request.tenant = String(sides[0])
                    request.blocks = []
                    return request
                }
            }
            let all = Trace(name: "clients", requests: requests)
            return all.inOrderOfArrival.faster(by: speedup)
        } catch let error as TraceError {
            throw SimulateServeError("\(trace ?? "--client"): \(error)")
        }
    }
}
