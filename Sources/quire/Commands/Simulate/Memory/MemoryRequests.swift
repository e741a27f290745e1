import ArgumentParser
import KVCache
import Simulation

/// Whose lengths `quire simulate memory` takes.
struct MemoryRequestOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "paper: lengths like those of the vLLM paper; or a trace, for its lengths.",
            valueName: "paper|file"), completion: .file())
    var lengths = "paper"

    @Option(
        help: ArgumentHelp(
            "Draw lengths instead, as \"independent: prompt=lognormal/161/1.5, output=10..400\".",
            valueName: "spec"))
    var workload: String?

    @Option(
        help: ArgumentHelp(
            "Requests that are drawn of the paper's lengths (default: \(paperRequests)).",
            valueName: "n"))
    var requests: Int?

    @Option(help: ArgumentHelp("The seed of what is drawn; the first of --seeds.", valueName: "n"))
    var seed: UInt64 = 0

    @Option(
        help: ArgumentHelp(
            "Draw so many times, and show the mean and the spread (default: 20 for the paper's "
                + "lengths, else 1).", valueName: "n"))
    var seeds: Int?

    @Option(help: "Requests longer than --max-length: skip them, or cut their answers.")
    var overlong = Overlong.skip

    /// What becomes of requests that no sequence holds.
    enum Overlong: String, CaseIterable, ExpressibleByArgument {
        case skip
        case cut
    }

    @OptionGroup var texts: TraceTextOptions

    /// Requests of the paper's lengths, unless something else is asked for.
    private static let paperRequests = 2000

    func validate() throws {
        if let requests, !(1...SimulationLimits.workloadRequests ~= requests) {
            throw ValidationError(
                "--requests is \(requests); it is from 1 to "
                    + "\(SimulationLimits.workloadRequests).")
        }
        guard requests == nil || isPaper else {
            throw ValidationError(
                "--requests is for the paper's lengths: a file has its own, and a workload says "
                    + "requests=N.")
        }
        if let option = texts.given, isDrawn {
            throw ValidationError("\(option) is for what a file does not say: give --lengths FILE.")
        }
        if let seeds, !(1...SimulationLimits.memorySeeds).contains(seeds) {
            throw ValidationError(
                "--seeds is \(seeds); it is from 1 to \(SimulationLimits.memorySeeds).")
        }
        guard workload == nil || lengths == "paper" else {
            throw ValidationError("Give --lengths FILE or --workload SPEC, not both.")
        }
        guard isDrawn || (seeds ?? 1) == 1 else {
            throw ValidationError("--seeds is for lengths that are drawn; a file has one set.")
        }
    }

    /// Whether the paper's lengths are taken.
    var isPaper: Bool { workload == nil && lengths == "paper" }

    private var isDrawn: Bool { workload != nil || isPaper }

    /// The seeds of the sets of requests.
    var allSeeds: [UInt64] {
        (0..<UInt64(seeds ?? (isPaper ? 20 : 1))).map { seed &+ $0 }
    }

    /// The requests of a seed.
    ///
    /// - Throws: when a file cannot be read or is no trace.
    func draw(seed: UInt64) throws -> Trace {
        guard isPaper else {
            let file = workload == nil ? lengths : nil
            return try TraceOptions.read(file, workload: workload, seed: seed, texts)
        }
        let samples = PaperLengths.draw(requests ?? Self.paperRequests, seed: seed)
        return Trace(
            name: "paper",
            requests: samples.map {
                TraceRequest(promptTokens: $0.prompt, outputTokens: $0.output)
            })
    }

    /// The lengths that a sequence of `longest` tokens holds, and how many of the others were left
    /// out or cut.
    func fitted(_ trace: Trace, longest: Int) -> (requests: [LengthSample], others: Int) {
        var fitted: [LengthSample] = []
        var others = 0
        for request in trace.requests {
            let sample = LengthSample(prompt: request.promptTokens, output: request.outputTokens)
            let fits =
                sample.prompt >= 1 && sample.output >= 1
                && sample.prompt + sample.output <= longest
            if fits {
                fitted.append(sample)
                continue
            }
            others += 1
            if overlong == .cut, sample.output >= 1, (1..<longest).contains(sample.prompt) {
                fitted.append(
                    LengthSample(prompt: sample.prompt, output: longest - sample.prompt))
            }
        }
        return (fitted, others)
    }
}
