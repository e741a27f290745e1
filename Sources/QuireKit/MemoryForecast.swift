package import KVCache
import ModelFiles
public import QuireModels
import Tensors

/// What a model would take of this machine's memory, computed from its file's header alone.
public struct MemoryForecast: Hashable, Sendable {
    /// The sum.
    public let memory: MemoryBudget

    /// Bytes that can be allocated here now, within the limits of the control group.
    public let available: Int

    /// Tokens of the longest prompt and answer together.
    public let contextLength: Int

    /// Sequences of that length that the KV cache holds at once.
    public let sequences: Double

    /// Bytes of keys and values that one token takes, all layers together.
    public let keyValueBytesPerToken: Int

    /// The KV cache that the engine makes.
    package let layout: CacheLayout

    /// What a person may want to know beforehand: a context beyond the one of the training, say.
    public let warnings: [LoadWarning]

    /// Computes the sum for an engine with the same options; nothing is loaded.
    ///
    /// - Throws: as `LoadedModel.open`, which refuses what this refuses.
    /// - Complexity: O(bytes of the header).
    public static func of(
        _ name: String, _ options: ModelOptions = ModelOptions()
    ) throws(LoadError) -> MemoryForecast {
        try options.check()
        return try LoadError.mapping {
            let file = options.rounding(try ModelFile.open(try ModelLocation.path(of: name)))
            file.readsHereAndThere(true)
            let outline = try CPUModel(
                file, form: .outline, ignoringUnread: options.ignoresUnread)
            var planner = MemoryPlanner(outline, file: file, options: options)
            let machine = MachineInfo.current()
            let available = machine.availableMemory
            let layout = try planner.planLeavingExperts(available: available)
            return MemoryForecast(
                memory: planner.budget(layout), available: available,
                contextLength: layout.maxModelLength, sequences: layout.concurrency,
                keyValueBytesPerToken: layout.geometry.bytesPerToken(layout.dtype),
                layout: layout,
                warnings: (file.warnings + outline.warnings).map { LoadWarning(.unread, $0) }
                    + LoadedModel.warnings(options, machine, outline) + planner.warnings)
        }
    }
}
