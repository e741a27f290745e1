import ArgumentParser
import QuireEngine

/// What requests that programs write may ask for.
struct RequestOptions: ParsableArguments {
    @Option(
        name: .long, parsing: .unconditional,  // Or -1 would be taken for an option.
        help: ArgumentHelp(
            "Log probabilities beside each token that a request may ask for; -1: all.",
            valueName: "n"))
    var maxLogprobs = EngineLimits.maxLogprobs

    @Flag(name: .long, help: "Parse the names of special tokens in prompts.")
    var special = false

    func validate() throws {
        guard maxLogprobs >= -1 else {
            throw ValidationError("--max-logprobs is \(maxLogprobs); it must be -1 or more.")
        }
    }
}
