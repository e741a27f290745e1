public import QuireEngine
import QuireModels

extension LLM {
    /// Opens a model to answer prompts on the caller's thread.
    ///
    /// ```swift
    /// let llm = try LLM("gemma-3-270m")
    /// let parameters = SamplingParameters(maxTokens: 16)
    /// print(try llm.generate(["The capital of France is"], parameters)[0].text)
    /// ```
    ///
    /// - Parameters:
    ///   - name: an installed model, `demo`, or the path of a file.
    ///   - options: how it is put on this machine.
    /// - Throws: `LoadError`, which says what would do instead.
    public convenience init(
        _ name: String, _ options: ModelOptions = ModelOptions()
    ) throws(LoadError) {
        try self.init(try LoadedModel.open(name, options))
    }

    /// An engine over a model that is open.
    public convenience init(_ loaded: LoadedModel) throws(LoadError) {
        try self.init(loaded) { try $0.makeExecutor() }
    }

    /// As `init(_:)`; the executor is also given to the caller, for measurements.
    package convenience init(
        _ loaded: LoadedModel, executor: (CPUExecutor) -> Void
    ) throws(LoadError) {
        try self.init(loaded) { parts in
            let made = try parts.makeExecutor()
            executor(made)
            return made
        }
    }

    private convenience init(
        _ loaded: LoadedModel, making: (EngineParts) throws -> CPUExecutor
    ) throws(LoadError) {
        let parts = loaded.parts()
        do {
            try self.init(
                executor: try making(parts), tokenizer: loaded.tokenizer, layout: loaded.layout,
                configuration: parts.configuration, order: loaded.options.orderPolicy,
                clock: loaded.options.clock)
        } catch {
            throw LoadError(error)
        }
        addWarnings(parts.warnings.map(\.message))
        if let file = parts.file { restorePrefixCache(file.records) }
    }
}
