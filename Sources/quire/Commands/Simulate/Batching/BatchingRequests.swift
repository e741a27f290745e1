import ArgumentParser
import FoundationEssentials
import Simulation

/// Whose requests `quire simulate batching` runs.
struct BatchingRequestOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A lesson's example: "
                + BatchingJob.examples.map { "\($0.name) (\(Self.list($0.times)) s)" }
                .joined(separator: ", ") + " (default: eight).", valueName: "name"))
    var example: String?

    @Option(
        help: ArgumentHelp(
            "How long each request takes in a slot, in seconds; all come at once.",
            valueName: "s,..."))
    var times: SecondsList?

    @OptionGroup var source: TraceOptions

    @Option(
        help: ArgumentHelp(
            "How long a generated token of a trace takes: a step (default: 20ms).",
            valueName: "time"))
    var tokenTime: TimeSpan?

    @Option(
        help: ArgumentHelp(
            "How long a token of a trace's prompt takes (default: 0.1ms).", valueName: "time"))
    var promptTokenTime: TimeSpan?

    private static func list(_ times: [Double]) -> String {
        times.map { String(Int($0)) }.joined(separator: ",")
    }

    func validate() throws {
        let given = [example != nil, times != nil, source.isGiven]
        guard given.count(where: { $0 }) <= 1 else {
            throw ValidationError("Give one of --example, --times, --trace and --workload.")
        }
        if let example, !BatchingJob.examples.contains(where: { $0.name == example }) {
            throw ValidationError(
                "'\(Terminal.plain(example))' is no example; there are "
                    + BatchingJob.examples.map(\.name).joined(separator: ", ") + ".")
        }
        for (option, time) in [
            ("--token-time", tokenTime), ("--prompt-token-time", promptTokenTime),
        ] where time != nil && !source.isGiven {
            throw ValidationError("\(option) is for the tokens of a --trace or a --workload.")
        }
    }

    /// Whether requests come when a trace or a workload says, and not all at once.
    var hasArrivals: Bool { source.isGiven }

    /// The requests in the order of their arrival.
    ///
    /// - Throws: when a file cannot be read or is no trace.
    func jobs() throws -> BatchingJobs {
        guard hasArrivals else { return listed() }
        let costs = BatchingCosts(
            promptToken: promptTokenTime.map { Self.seconds($0.duration) } ?? 0.000_1,
            outputToken: tokenTime.map { Self.seconds($0.duration) } ?? 0.02)
        let trace = try source.read()
        let jobs = costs.jobs(trace)
        guard !jobs.isEmpty else {
            throw UnusableTrace(name: source.name, reason: "no request has an answer")
        }
        return BatchingJobs(
            name: trace.name, jobs: jobs, left: trace.requests.count - jobs.count,
            hash: trace.fingerprint, seed: source.workload == nil ? nil : source.seed)
    }

    private func listed() -> BatchingJobs {
        let name = times == nil ? example ?? "eight" : "--times"
        let seconds =
            times?.seconds ?? BatchingJob.examples.first { $0.name == name }?.times ?? []
        let trace = Trace(
            name: name,
            requests: seconds.map {
                // A millisecond a token, so that lists have a fingerprint as traces have.
                TraceRequest(promptTokens: 0, outputTokens: Int(($0 * 1000).rounded()))
            })
        return BatchingJobs(
            name: name, jobs: seconds.map { BatchingJob(work: $0) }, left: 0,
            hash: trace.fingerprint, seed: nil)
    }

    private static func seconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
    }
}

/// Requests, and where they are from.
struct BatchingJobs {
    let name: String
    let jobs: [BatchingJob]
    /// Requests without an answer, which were left out.
    let left: Int
    let hash: UInt64
    /// The seed that they were drawn with; nil: they were not drawn.
    let seed: UInt64?
}

/// Seconds on the command line: `10,12.5,45`.
struct SecondsList: ExpressibleByArgument {
    let seconds: [Double]

    init?(argument: String) {
        let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
        seconds = parts.compactMap { Double($0) }
        guard seconds.count == parts.count, !seconds.isEmpty,
            seconds.count <= SimulationLimits.batchingList,
            seconds.allSatisfy({ $0 >= 0.001 && $0 <= 1e9 })
        else { return nil }
    }
}
