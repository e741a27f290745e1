/// One family of models: its names, and how what its layers compute reads from a file.
///
/// An architecture is one file that can be read aloud. It computes nothing: `ForwardPass`
/// interprets the shapes that it gives its layers.
protocol Architecture: Sendable {
    /// The names, as in `general.architecture`, of the files that hold it.
    static var names: [String] { get }

    /// Reads the hyper-parameters and says what each layer computes.
    static func configuration(_ p: HyperParameters) throws(ModelError) -> ModelConfiguration
}

/// The architectures that Quire runs.
package enum Architectures {
    static let all: [any Architecture.Type] = [
        Llama.self, Qwen3.self, Gemma.self, Gemma2.self, Gemma3.self, Gemma4.self, SmolLM3.self,
        OLMo2.self,
        Granite.self, Phi3.self, GLM4.self, EXAONE4.self, SeedOSS.self, HunYuan.self,
        GPT2.self, GPTNeoX.self, StarCoder2.self, StableLM.self, Falcon.self, Phi2.self,
        Cohere.self, Nemotron.self, Mistral3.self, Qwen2MoE.self, OLMoE.self,
        GPTOSS.self, OLMo.self, GLM4MoE.self, Bloom.self, MPT.self, GPTJ.self,
        Llama4.self, DeepSeek2.self,
    ]

    /// The names of the supported architectures, as in a file's `general.architecture`, sorted.
    package static var supported: [String] { all.flatMap { $0.names }.sorted() }

    /// Finds an architecture, or refuses it by name.
    static func named(_ name: String) throws(ModelError) -> any Architecture.Type {
        guard let found = all.first(where: { $0.names.contains(name) }) else {
            throw ModelError(
                .unsupportedArchitecture, subject: "general.architecture",
                "'\(name.prefix(ModelLimits.quotedNameLength))' is not supported; supported "
                    + "are " + supported.joined(separator: ", "))
        }
        return found
    }
}
