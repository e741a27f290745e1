public import QuireEngine

extension Engine {
    /// Opens a model for many clients at once, on a thread of its own.
    ///
    /// ```swift
    /// let engine = try await Engine("gemma-3-270m")
    /// let stream = try engine.submit("Once upon a time")
    /// for try await delta in stream {
    ///     print(delta.text, terminator: "")
    /// }
    /// await engine.shutdown()
    /// ```
    ///
    /// - Parameters:
    ///   - name: an installed model, `demo`, or the path of a file.
    ///   - options: how it is put on this machine.
    /// - Throws: `LoadError`, which says what would do instead.
    public convenience init(
        _ name: String, _ options: ModelOptions = ModelOptions()
    ) async throws(LoadError) {
        try await self.init(try LoadedModel.open(name, options))
    }

    /// An engine over a model that is open.
    public convenience init(_ loaded: LoadedModel) async throws(LoadError) {
        try await self.init(loaded) { _ in }
    }

    /// As `init(_:)`; tells what a person may want to know of it.
    package convenience init(
        _ loaded: LoadedModel, onWarning: (LoadWarning) -> Void
    ) async throws(LoadError) {
        let parts = loaded.parts()
        for warning in parts.warnings { onWarning(warning) }
        do {
            try await self.init(
                tokenizer: loaded.tokenizer, layout: loaded.layout,
                configuration: parts.configuration,
                order: loaded.options.orderPolicy, clock: loaded.options.clock,
                maxLogprobs: loaded.options.maxLogprobs, recorder: loaded.options.recorder
            ) { try parts.makeExecutor() }
        } catch {
            throw LoadError(error)
        }
        if let file = parts.file { await restorePrefixCache(file.records) }
    }
}
