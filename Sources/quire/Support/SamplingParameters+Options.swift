import ArgumentParser
import Conversation
import QuireEngine

extension Seed: ExpressibleByArgument {
    init?(argument: String) { self.init(argument) }
}

extension SamplingParameters {
    /// The options of a command line over the defaults of its command.
    init(_ options: SamplingOptions, over defaults: SamplingDefaults, maxTokens: Int) {
        self.init(
            temperature: options.temperature ?? defaults.temperature, maxTokens: maxTokens,
            topK: options.topK ?? 0, topP: options.topP ?? 1,
            minP: options.minP ?? defaults.minP, seed: options.seed?.value, stop: options.stop)
    }
}

extension SamplingParameters {
    /// Checks what does not depend on the model before one is loaded.
    func checkForCommandLine() throws {
        guard maxTokens != 0 else {
            throw ValidationError("--max-tokens is 0; it must be at least 1.")
        }
        do {
            try validate(vocabularySize: .max, maxLogprobs: -1)
        } catch {
            throw ValidationError(Self.namingOptions(error.message) + ".")
        }
    }

    /// A message about a parameter, with the option's name instead.
    private static func namingOptions(_ message: String) -> String {
        for name in ["temperature", "top-k", "top-p", "min-p", "max tokens", "logprobs"]
        where message.hasPrefix(name + " is ") {
            return "--\(name.replacing(" ", with: "-"))\(message.dropFirst(name.count))"
        }
        return message
    }
}
