import ArgumentParser
import Simulation

/// Whose requests are simulated: the same options in every command that takes a trace.
struct TraceOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A trace of requests: Azure, BurstGPT, Mooncake, Qwen, arena, vLLM's bench, OpenAI's "
                + "batches, or a table of arrived_at,prompt_tokens,output_tokens and perhaps "
                + "tenant.", valueName: "file"),
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

    @OptionGroup var texts: TraceTextOptions

    func validate() throws {
        guard trace == nil || workload == nil else {
            throw ValidationError("Give --trace FILE or --workload SPEC, not both.")
        }
        if let requests, !(1...SimulationLimits.traceRequests ~= requests) {
            throw ValidationError(
                "--requests is \(requests); it must be from 1 to "
                    + "\(SimulationLimits.traceRequests).")
        }
        guard requests == nil || isGiven else {
            throw ValidationError("--requests counts those of a --trace or a --workload.")
        }
        if let option = texts.given, trace == nil {
            throw ValidationError("\(option) is for what a file does not say: give a --trace.")
        }
    }

    /// Whether there is a trace or a workload.
    var isGiven: Bool { trace != nil || workload != nil }

    /// What errors call the requests.
    var name: String { trace ?? "--workload" }

    /// Refuses a command line without requests.
    func requireGiven() throws {
        guard isGiven else {
            throw ValidationError("Give --trace FILE, or --workload SPEC to draw requests.")
        }
    }

    /// The requests in the order of their arrival.
    ///
    /// - Throws: `UnusableTrace`, or when a file cannot be read.
    func read() throws -> Trace {
        let all = try Self.read(trace, workload: workload, seed: seed, texts).inOrderOfArrival
        guard let requests else { return all }
        let repeated = all.repeated(upTo: requests)
        guard repeated.isCountable else {
            throw UnusableTrace(
                name: name,
                reason: "\(requests) requests take more than \(SimulationLimits.traceSeconds) s; "
                    + "ask for fewer with --requests")
        }
        return repeated
    }

    /// The prompts in the order of the file, for who asks neither for times nor for answers.
    ///
    /// - Throws: as `read`.
    func readPrompts() throws -> Trace {
        var texts = texts
        texts.outputTokens = texts.outputTokens ?? 0
        let all = try Self.read(trace, workload: workload, seed: seed, texts)
        return requests.map { all.repeated(upTo: $0) } ?? all
    }

    /// The requests of a file, or drawn ones.
    static func read(
        _ trace: String?, workload: String?, seed: UInt64, _ texts: TraceTextOptions
    ) throws -> Trace {
        guard let trace else {
            return try UnusableTrace.naming("--workload") {
                try Workload.draw(workload ?? "", seed: seed)
            }
        }
        let bytes = try StandardStreams.bytes(file: trace)
        let options = try texts.options()
        return try UnusableTrace.naming(trace) {
            try Trace.read(bytes, name: trace, texts: options)
        }
    }

    /// What a result of these requests is stamped with.
    func stamp(_ trace: Trace, loop: ResultStamp.Loop?) -> ResultStamp {
        ResultStamp(
            trace, seed: workload == nil ? nil : seed, version: Quire.configuration.version,
            loop: loop)
    }
}
