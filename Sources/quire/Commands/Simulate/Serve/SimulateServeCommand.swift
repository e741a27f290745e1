import ArgumentParser
import KVCache
import Scheduling
import Simulation

/// `quire simulate serve`.
struct SimulateServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve a trace in pretend time, by the engine's own scheduler and cache.",
        discussion: """
            quire simulate serve --workload "independent: requests=500, rate=4" \\
                --model llama-3.1-8b --device a100-80

            quire simulate serve --trace Examples/traces/azure-conversation.csv \\
                --model llama-3.1-8b --device a100-80 --find rate \\
                --target ttft.p99=2s,itl.p99=150ms

            Hours of a trace take seconds: the engine, its scheduler and its cache are those of \
            quire serve, and only the model is pretended. A step takes what a cost model says, \
            measured (--costs) or from a data sheet (--device). Times to the first token are those \
            of the client, in four parts: arrival (until a request is queued), queue (until its \
            first step), prefill (until its first token) and delivery.

            Goodput counts requests that kept all of --target: of a request's own gaps the share \
            that is named. Requests that were turned away, or whose clients gave up, are misses.
            """)

    @OptionGroup var traffic: SimulatedTraffic

    @OptionGroup var machine: SimulatedMachine

    @OptionGroup var settings: SimulatedSettings

    @Option(
        help: ArgumentHelp(
            "What is served well, as ttft.p99=2s,itl.p99=150ms,e2e.p90=30s.", valueName: "bounds"),
        transform: ServiceTarget.init(option:))
    var target: ServiceTarget?

    @Option(
        help: ArgumentHelp(
            "Search for the largest load (rate) or the smallest service (memory, replicas) that "
                + "keeps --target.", valueName: "what"))
    var find: ServiceSearch.Quantity?

    @Option(name: .long, help: "What stdout gets: text for a person, json or csv for a program.")
    var format = BenchFormat.text

    @OptionGroup var report: ReportOptions

    func validate() throws {
        guard find == nil || target != nil else {
            throw ValidationError("--find needs a --target, as ttft.p99=2s,itl.p99=150ms.")
        }
        guard find == nil || traffic.concurrency == nil else {
            throw ValidationError("--find scales times of arrival; --concurrency has none.")
        }
        guard find != .replicas || machine.replicas == 1 else {
            throw ValidationError("--find replicas looks for their number; leave --replicas out.")
        }
    }

    func run() async throws {
        let trace = try traffic.read()
        let service = try machine.service(
            batch: settings.batch ?? settings.scheduling.mode?.running, chunk: settings.chunk)
        var setup = try settings.setup(service, machine, load: traffic.load, target: target)
        setup.patience = traffic.patience?.duration
        if let find { return try search(find, trace, setup, service) }
        var simulation = try ServiceSimulation(trace, setup)
        let result = simulation.run()
        let summary = ServiceSummary(result, setup)
        let answer = SimulateServeAnswer(
            summary: summary, setup: setup, trace: trace, stamp: traffic.stamp(trace),
            hash: result.hash, assumptions: service.assumptions,
            range: try ServiceRange(trace, setup, summary))
        switch format {
        case .text: for line in SimulateServeText(answer).lines { print(line) }
        case .json: print(try JSONText.pretty(SimulateServeJSON(answer)))
        case .csv:
            for line in SimulateServeCSV(result).lines { print(line) }
            Terminal.note(answer.stamp.line)
        }
        try report.write { SimulateServeReport(answer: answer, result: result).report() }
    }
}

extension SimulateServeCommand {
    /// Searches and prints.
    private func search(
        _ quantity: ServiceSearch.Quantity, _ trace: Trace, _ setup: ServiceSetup,
        _ service: SimulatedMachine.Service
    ) throws {
        var search = try ServiceSearch(trace, setup)
        let most = quantity == .memory ? setup.layout.capacity : ServiceLimits.mostReplicas
        let outcome = try search.find(quantity, most: most)
        let found = SearchReport(
            outcome: outcome, setup: setup, stamp: traffic.stamp(trace),
            assumptions: service.assumptions)
        switch format {
        case .text: for line in found.lines { print(line) }
        case .json: print(try JSONText.pretty(found.json))
        case .csv:
            for line in found.csv { print(line) }
            Terminal.note(found.stamp.line)
        }
        try report.write { found.page() }
    }
}

extension ServiceSearch.Quantity: ExpressibleByArgument {}

/// The settings of the simulated engine.
struct SimulatedSettings: ParsableArguments {
    @Option(
        name: .long, parsing: .unconditional,
        help: ArgumentHelp(
            "Sequences that run at once, at most (default: 256, or as measured).",
            valueName: "n"))
    var batch: Int?

    @Option(
        name: .long, parsing: .unconditional,
        help: ArgumentHelp(
            "Tokens of a prompt that are computed in one step (default: 512, or as measured).",
            valueName: "n"))
    var chunk: Int?

    @Option(
        name: .long, parsing: .unconditional,
        help: ArgumentHelp("Requests that may wait; more are turned away.", valueName: "n"))
    var maxQueue = SchedulingLimits.maxWaiting

    @OptionGroup var scheduling: SchedulingOptions

    @Option(
        help: ArgumentHelp(
            "What is checked on the way: none, steps (blocks, requests and time after each step) "
                + "or full (every invariant of scheduler and cache).", valueName: "what"))
    var check = ServiceChecks.steps

    func validate() throws {
        try requireRange(batch, "--batch", 1...SchedulingLimits.maxRunning)
        try requireRange(chunk, "--chunk", 1...SchedulingLimits.maxStepTokens)
        guard 1...SchedulingLimits.maxWaiting ~= maxQueue else {
            throw ValidationError(
                "--max-queue is \(maxQueue); it must be between 1 and "
                    + "\(SchedulingLimits.maxWaiting).")
        }
    }

    /// The service with these settings.
    func setup(
        _ service: SimulatedMachine.Service, _ machine: SimulatedMachine,
        load: ServiceSetup.Load, target: ServiceTarget?
    ) throws -> ServiceSetup {
        var configuration = SchedulerConfiguration(
            maxStepTokens: max(service.chunk, service.batch), maxStepOutputs: service.batch,
            maxChunk: service.chunk, maxRunning: service.batch, maxWaiting: maxQueue)
        configuration.interTokenTarget = LatencyTarget.served
        scheduling.apply(to: &configuration)
        // The keys of blocks, whose order nothing depends on.
        configuration.cache.seed = 0
        var setup = ServiceSetup(
            layout: service.layout, scheduling: configuration, costs: service.costs,
            load: load)
        setup.replicas = machine.replicas
        setup.target = target ?? ServiceTarget()
        setup.checks = check
        return setup
    }
}

extension ServiceChecks: ExpressibleByArgument {}

extension ServiceTarget {
    /// The target on a command line.
    init(option: String) throws {
        do {
            self = try ServiceTarget(option)
        } catch {
            throw ValidationError("\(error)")
        }
    }
}
