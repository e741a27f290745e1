import ArgumentParser
import Simulation
import Tokenization

/// What a trace whose prompts are texts does not say.
struct TraceTextOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The tokenizer that counts the tokens of prompts that are texts: an installed model, "
                + "the path of a GGUF file, or of a tokenizer.json.", valueName: "model"),
        completion: ModelCompletion.models)
    var tokenizer: String?

    @Option(
        help: ArgumentHelp(
            "Tokens of an answer whose length such a trace does not say.", valueName: "n"))
    var outputTokens: Int?

    func validate() throws {
        if let outputTokens, !(1...SimulationLimits.requestTokens ~= outputTokens) {
            throw ValidationError(
                "--output-tokens is \(outputTokens); it must be from 1 to "
                    + "\(SimulationLimits.requestTokens).")
        }
    }

    /// The first of them that was given.
    var given: String? {
        tokenizer != nil ? "--tokenizer" : outputTokens != nil ? "--output-tokens" : nil
    }

    /// For the reader; the tokenizer is loaded now.
    func options() throws -> Trace.TextOptions {
        let loaded = try tokenizer.map { try TokenizerSource.load($0) }
        return Trace.TextOptions(
            tokens: loaded.map { tokenizer in { tokenizer.encode($0).count } },
            outputTokens: outputTokens)
    }
}
