import ArgumentParser
import Simulation

/// Who asks a simulated service for what, and when.
struct SimulatedTraffic: ParsableArguments {
    @OptionGroup var source: TraceOptions

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
        try source.requireGiven()
        guard [rate != nil, speedup != nil, concurrency != nil].count(where: { $0 }) <= 1 else {
            throw ValidationError("Give one of --rate, --speedup and --concurrency.")
        }
        for (value, name) in [(rate, "--rate"), (speedup, "--speedup")] {
            try Self.checkPace(value, name)
        }
        if let concurrency, !(1...ServiceLimits.clients ~= concurrency) {
            throw ValidationError(
                "--concurrency is \(concurrency); it must be from 1 to \(ServiceLimits.clients).")
        }
    }

    /// Refuses a pace that is none.
    static func checkPace(_ value: Double?, _ name: String) throws {
        guard let value, !(value > 0 && value <= ServiceLimits.pace) else { return }
        throw ValidationError(
            "\(name) is \(value); it must be above 0 and at most \(ServiceLimits.pace).")
    }

    /// The requests, in the order of their arrival and at the wanted pace.
    ///
    /// - Throws: `UnusableTrace`.
    func read() throws -> Trace {
        let read = try source.read()
        return try UnusableTrace.naming(source.name) {
            if let speedup { return try read.faster(by: speedup) }
            if let rate { return try read.scaled(toRate: rate) }
            return read
        }
    }

    /// Open or closed.
    var load: ServiceSetup.Load { concurrency.map { .closed(clients: $0) } ?? .open }

    /// What a result is stamped with.
    func stamp(_ trace: Trace) -> ResultStamp {
        source.stamp(trace, loop: concurrency == nil ? .open : .closed)
    }
}

/// Why a service cannot be simulated.
struct SimulateServeError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = Terminal.plain(description) }
}
