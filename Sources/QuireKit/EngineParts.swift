import KVCache
import QuireModels
import Scheduling

/// What an engine is made of beside the tokenizer: the scheduler's numbers, and the file of the
/// prefix cache.
struct EngineParts: Sendable {
    let configuration: SchedulerConfiguration
    let file: PrefixCacheFile?
    let warnings: [LoadWarning]
    private let loaded: LoadedModel
    private let hostSlots: Int

    /// Opens the file of the prefix cache, which one engine at a time can have.
    ///
    /// A file that cannot be used is no reason to refuse an answer: the person is told, and the
    /// engine goes on without it.
    init(_ loaded: LoadedModel, hostSlots: Int) {
        let options = loaded.options
        var configuration = options.scheduling
        var file: PrefixCacheFile?
        var warnings: [LoadWarning] = []
        if let path = options.prefixCacheFile {
            do throws(ModelError) {
                let opened = try PrefixCacheFile(
                    path: path, model: loaded.model, layout: loaded.layout,
                    activations: options.activations, budget: options.prefixCacheBytes)
                if opened.wasRebuilt {
                    warnings.append(
                        LoadWarning(
                            .prefixCache,
                            "\(path) was of another model, layout or version, or damaged: it is "
                                + "written again", isFault: false))
                }
                file = opened
            } catch {
                warnings.append(
                    LoadWarning(.prefixCache, "no prefix cache file: \(error.message)"))
            }
        }
        // Without the file, host memory is only what was asked for.
        let slots = file == nil && options.hostCacheBytes == nil ? 0 : hostSlots
        configuration.cache.hostSlots = slots
        configuration.cache.fileRecords = file?.capacity ?? 0
        configuration.cache.seed = file?.seed
        self.configuration = configuration
        self.file = file
        self.warnings = warnings
        self.loaded = loaded
        self.hostSlots = slots
    }

    /// Allocates what steps need; on the thread that makes them.
    func makeExecutor() throws(ModelError) -> CPUExecutor {
        try CPUExecutor(
            model: loaded.model, layout: loaded.layout, threads: loaded.options.threads,
            activations: loaded.options.activations, maxStepTokens: loaded.options.stepTokens,
            maxStepOutputs: loaded.options.stepOutputs, hostSlots: hostSlots, file: file)
    }
}
