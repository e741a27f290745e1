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
