import ArgumentParser
import Foundation
import KVCache
import Simulation

/// What all arms of `quire bench compare` have in common.
struct CompareOptions: ParsableArguments {
    @Option(
        help: "An installed model or the path of a GGUF file (default: the demo model).",
        completion: ModelCompletion.models)
    var model: String?

    @Option(
        help: ArgumentHelp(
            "The longest prompt and answer together: what a contiguous cache reserves for each "
                + "request (default: 2048, or the model's own).", valueName: "n"))
    var longest: Int?

    @Option(
        help: ArgumentHelp(
            "The memory for keys and values, as that of so many sequences of --longest; all arms "
                + "have the same.", valueName: "n"))
    var sequences = 8

    @Option(help: ArgumentHelp("Requests, all waiting from the start.", valueName: "n"))
    var requests = 64

    @Option(
        help: ArgumentHelp(
            "Tokens of prompts: 512, 10..400, lognormal/MEAN/VARIATION or exponential/MEAN "
                + "(default: lognormal/161/1.5).", valueName: "lengths"))
    var prompt: String?

    @Option(
        help: ArgumentHelp(
            "Tokens of answers, in the same words (default: lognormal/338/1).",
            valueName: "lengths"))
    var output: String?

    @Option(
        help: ArgumentHelp(
            "Take the lengths of the first requests of a trace that are no longer than --longest.",
            valueName: "file"), completion: .file())
    var trace: String?

    @Option(help: ArgumentHelp("Tokens that all prompts begin with.", valueName: "n"))
    var shared = 0

    @Option(help: ArgumentHelp("Seed of the lengths (default: 0).", valueName: "n"))
    var seed: UInt64?

    @Option(help: "The number format of keys and values.")
    var kvDtype = KVDType.f16

    @Option(help: ArgumentHelp("Tokens of a block where the cache is paged.", valueName: "n"))
    var blockSize = 16

    @Option(
        help: ArgumentHelp(
            "Tokens of a prompt in one step where prefill is chunked.", valueName: "n"))
    var chunk = 128

    @OptionGroup var load: LoadOptions

    /// Requests that run at once at most: the memory is to be the bound, not this.
    static let mostRunning = 256

    func validate() throws {
        for (value, name, least) in [
            (longest ?? 2, "--longest", 1), (requests, "--requests", 1),
            (sequences, "--sequences", 1), (blockSize, "--block-size", 1), (chunk, "--chunk", 1),
            (shared, "--shared", 0),
        ] where !(least...(1 << 20)).contains(value) {
            throw ValidationError(
                "\(name) is \(value); it must be from \(least) to \(1 << 20).")
        }
        let drawn = [
            ("--prompt", prompt != nil), ("--output", output != nil), ("--seed", seed != nil),
        ].filter(\.1).map(\.0)
        guard trace == nil || drawn.isEmpty else {
            throw ValidationError(
                "\(drawn.joined(separator: ", ")): the lengths are those of --trace; leave out "
                    + "one or the other.")
        }
    }

    /// The lengths.
    func lengths(longest: Int) throws -> Trace {
        guard let trace else {
            return try Workload.draw(
                "independent: requests=\(requests), arrivals=at-once, "
                    + "prompt=\(prompt ?? "lognormal/161/1.5"), "
                    + "output=\(output ?? "lognormal/338/1"), longest=\(longest)",
                seed: seed ?? 0)
        }
        let bytes = (try StandardStreams.bytes(file: trace))
        var read = try Trace.read(bytes, name: (trace as NSString).lastPathComponent)
        read.requests.removeAll {
            $0.promptTokens < 1 || $0.outputTokens < 1
                || $0.promptTokens + $0.outputTokens > longest
        }
        read.requests = Array(read.requests.prefix(requests))
        guard !read.requests.isEmpty else {
            throw ValidationError("no request of \(trace) fits --longest \(longest).")
        }
        return read
    }
}
