import ArgumentParser
import Scheduling

/// What `quire bench latency` and `quire bench throughput` have in common.
struct GenerationOptions: ParsableArguments {
    @Option(
        name: .long,
        help: "An installed model or the path of a GGUF file (default: the demo model).",
        completion: ModelCompletion.models)
    var model: String?

    @Option(
        name: .long, parsing: .unconditional,
        help: ArgumentHelp("Tokens of each prompt.", valueName: "n"))
    var promptLength = 512

    @Option(
        name: .long, parsing: .unconditional,
        help: ArgumentHelp("Tokens of each answer.", valueName: "n"))
    var outputLength = 128

    @Option(
        name: .long, parsing: .unconditional,
        help: ArgumentHelp(
            "Let decoding begin at this many tokens, instead of a prompt. They are computed once; "
                + "prefill is not measured.", valueName: "n"))
    var context: Int?

    @OptionGroup var load: LoadOptions

    @OptionGroup var compute: ComputeOptions

    @Flag(
        name: .long,
        help: "Let repetitions find the prompts of those before them in the prefix cache.")
    var prefixCache = false

    @Option(
        name: .long, parsing: .unconditional,
        help: ArgumentHelp("Repetitions that are not measured.", valueName: "n"))
    var warmUp = 1

    @Option(
        name: .long, parsing: .unconditional,
        help: ArgumentHelp("Repetitions that are.", valueName: "n"))
    var repetitions = 5

    @Flag(
        name: .long,
        help: "Say where the time of a prompt and of a decode step goes, part by part.")
    var profile = false

    /// Tokens before the answer.
    var start: Int { context ?? promptLength }

    func validate() throws {
        for (value, name, least) in [
            (promptLength, "--prompt-length", 1), (outputLength, "--output-length", 1),
            (context ?? 1, "--context", 1), (load.threads ?? 1, "--threads", 1),
            (compute.blockSize, "--block-size", 1), (compute.chunk, "--chunk", 1),
            (repetitions, "--repetitions", 1), (warmUp, "--warm-up", 0),
        ] where !(least...(1 << 20)).contains(value) {
            throw ValidationError(
                "\(name) is \(value); it must be from \(least) to \(1 << 20).")
        }
    }

    /// Opens the model with room for `batch` sequences.
    func session(batch: Int) throws -> ModelSession {
        let path = try model.map { try ModelChoice.path(of: $0) } ?? DemoModel.path()
        var options = try EngineOptions.parse([])
        options.load = load
        options.context = start + outputLength
        options.compute = compute
        var scheduling = try SchedulingOptions.parse([])
        scheduling.prefixCache = prefixCache || context != nil
        return try ModelSession(
            path: path, options: options, scheduling: scheduling, batch: batch)
    }
}
