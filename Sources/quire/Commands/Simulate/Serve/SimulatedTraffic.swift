import ArgumentParser
import Simulation

/// Who asks a simulated service for what.
struct SimulatedTraffic: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A trace of requests: Azure, BurstGPT, Mooncake, Qwen, arena, or a table of "
                + "arrived_at,prompt_tokens,output_tokens.", valueName: "file"),
        completion: .file())
    var trace: String?

    @Option(
        help: ArgumentHelp(
            "Draw requests instead, as \"independent: requests=1000, rate=4\" or \"chat: "
                + "sessions=100\".", valueName: "spec"))
    var workload: String?

    @Option(help: ArgumentHelp("The seed of what is drawn.", valueName: "n"))
    var seed: UInt64 = 0

    @Option(
        help: ArgumentHelp(
            "Requests to simulate: the first of the trace, or the trace again and again (default: "
                + "the trace).", valueName: "n"))
    var requests: Int?

    @Option(
        help: ArgumentHelp(
            "Scale the times of arrival so that so many requests come in a second.",
            valueName: "n"))
    var rate: Double?

    @Option(
        help: ArgumentHelp("Let requests come so many times as fast.", valueName: "factor"))
    var speedup: Double?

    @Option(
        help: ArgumentHelp(
            "A closed loop: so many clients each send the next request when they have their "
                + "answer, whatever the trace says of times.", valueName: "n"))
    var concurrency: Int?

    @Option(
        help: ArgumentHelp(
            "Clients give up when they have no token after this time, as 30s.",
            valueName: "time"))
    var patience: LatencyTarget?

    func validate() throws {
        guard (trace == nil) != (workload == nil) else {
            throw ValidationError("Give --trace FILE, or --workload SPEC to draw requests.")
        }
        guard [rate != nil, speedup != nil, concurrency != nil].count(where: { $0 }) <= 1 else {
            throw ValidationError("Give one of --rate, --speedup and --concurrency.")
        }
        for (value, name) in [(rate, "--rate"), (speedup, "--speedup")] {
            guard let value, !(value > 0 && value <= 1e9) else { continue }
            throw ValidationError("\(name) is \(value); it must be above 0.")
        }
        if let concurrency, !(1...ServiceLimits.clients ~= concurrency) {
            throw ValidationError(
                "--concurrency is \(concurrency); it must be from 1 to \(ServiceLimits.clients).")
        }
        if let requests, !(1...SimulationLimits.traceRequests ~= requests) {
            throw ValidationError(
                "--requests is \(requests); it must be from 1 to "
                    + "\(SimulationLimits.traceRequests).")
        }
    }

    /// The requests, in the order of their arrival and at the wanted pace.
    ///
    /// - Throws: `SimulateServeError` that names the trace.
    func read() throws -> Trace {
        let name = trace ?? "--workload"
        do {
            var read =
                try trace.map { try Trace.read(StandardStreams.bytes(file: $0), name: $0) }
                ?? Workload.draw(workload ?? "", seed: seed)
            read = read.inOrderOfArrival
            if let requests { read = read.repeated(upTo: requests) }
            if let speedup { read = read.faster(by: speedup) }
            if let rate { read = try read.scaled(toRate: rate) }
            return read
        } catch let error as TraceError {
            throw SimulateServeError("\(name): \(error)")
        } catch let error as ServiceError {
            throw SimulateServeError("\(name): \(error)")
        }
    }

    /// Open or closed.
    var load: ServiceSetup.Load { concurrency.map { .closed(clients: $0) } ?? .open }

    /// What a result is stamped with.
    func stamp(_ trace: Trace) -> ResultStamp {
        ResultStamp(
            trace, seed: workload == nil ? nil : seed, version: Quire.configuration.version,
            loop: concurrency == nil ? .open : .closed)
    }
}

/// Why a service cannot be simulated.
struct SimulateServeError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = Terminal.plain(description) }
}
