import QuireEngine
import QuireKit
import QuireModels
import Scheduling
import Tokenization

/// A model that a command has opened, and the engine that answers with it.
struct ModelSession {
    /// The model.
    let loaded: LoadedModel
    /// The engine.
    let llm: LLM
    /// What computes the engine's steps.
    let executor: CPUExecutor

    /// The weights.
    var model: CPUModel { loaded.model }

    /// Seconds from the file's name to a model that is open.
    var loadSeconds: Double { loaded.loadSeconds }

    /// The tokens and texts of the model.
    var tokenizer: Tokenizer { llm.tokenizer }

    /// Opens a model, and writes its warnings to stderr.
    ///
    /// - Parameters:
    ///   - path: a GGUF file.
    ///   - options: what the person chose.
    ///   - scheduling: which request runs when.
    ///   - mode: what it is tuned for, where `scheduling` does not say.
    ///   - batch: requests that run at once.
    ///   - outputs: logits of one step, at least `batch`.
    init(
        path: String, options: EngineOptions, scheduling: SchedulingOptions? = nil,
        mode: ServingMode? = nil, batch: Int, outputs: Int = 1
    ) throws {
        var choice = options.modelOptions
        choice.batch = batch
        choice.outputs = outputs
        if let mode { choice.interTokenTarget = mode.interTokenTarget }
        scheduling?.apply(to: &choice)
        loaded = try LoadedModel.open(path, choice)
        for warning in loaded.warnings {
            Terminal.note(warning.isFault ? "warning: \(warning)" : warning.message)
        }
        var made: CPUExecutor?
        llm = try LLM(loaded) { made = $0 }
        guard let made else { preconditionFailure("an engine without its executor") }
        executor = made
        tellWarnings()
    }

    /// Records the time of the steps from now on in `profile`; nil: it is not measured.
    func profile(_ profile: StepProfile?) {
        executor.profile = profile
        llm.profile = profile
    }

    /// Saves what is cached to the file, if there is one, and says what went wrong with it.
    func close() {
        // After an error something may be under way still.
        if loaded.options.prefixCacheFile != nil, llm.isIdle { llm.savePrefixCache() }
        tellWarnings()
    }

    private func tellWarnings() {
        for warning in llm.takeWarnings() { Terminal.note("warning: \(warning)") }
    }
}

extension Duration {
    /// The duration in seconds.
    var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }
}
