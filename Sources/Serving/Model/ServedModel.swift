package import Conversation
package import ModelStore
package import QuireEngine
package import QuireKit
import Tokenization

/// A model that answers: its engine, its names, and what requests must suit.
package struct ServedModel: Sendable {
    /// What makes the answers.
    package let engine: Engine
    /// What it is called.
    package let names: ModelNames
    /// What requests must suit.
    package let bounds: ModelBounds
    /// Seconds since 1970 when it was loaded.
    package let created: Int
    /// Bytes of its file; 0: it has none.
    package let fileBytes: Int
    /// What its file's header says of it; nil: it has none.
    package let summary: ModelSummary?
    /// Requests that run at once.
    package let slots: Int
    /// Whether what is cached is written to a file at the end.
    package let savesPrefixCache: Bool

    /// A model.
    package init(
        engine: Engine, names: ModelNames, bounds: ModelBounds, created: Int, slots: Int,
        fileBytes: Int = 0, summary: ModelSummary? = nil, savesPrefixCache: Bool = false
    ) {
        self.summary = summary
        self.fileBytes = fileBytes
        self.engine = engine
        self.names = names
        self.bounds = bounds
        self.created = created
        self.slots = slots
        self.savesPrefixCache = savesPrefixCache
    }

    /// A model of the library's, with an engine of its own.
    ///
    /// - Parameters:
    ///   - chat: how it is talked to; nil: it has no chat template.
    ///   - parseSpecial: whether the names of special tokens in prompts stand for them.
    ///   - onWarning: told what a person may want to know of the engine.
    package init(
        _ loaded: LoadedModel, names: ModelNames, chat: ChatModel?, parseSpecial: Bool,
        created: Int, onWarning: (LoadWarning) -> Void
    ) async throws(LoadError) {
        self.init(
            engine: try await Engine(loaded, onWarning: onWarning), names: names,
            bounds: ModelBounds(
                tokenizer: loaded.tokenizer, maxModelLength: loaded.contextLength,
                maxLogprobs: loaded.options.maxLogprobs, parseSpecial: parseSpecial, chat: chat),
            created: created, slots: loaded.options.batch, fileBytes: loaded.fileBytes,
            summary: loaded.summary,
            savesPrefixCache: loaded.options.prefixCacheFile != nil)
    }
}
