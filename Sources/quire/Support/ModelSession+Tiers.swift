import KVCache
import QuireEngine
import QuireModels

extension ModelSession {
    /// The file of the prefix cache, and pages of host memory besides the KV cache.
    ///
    /// A file that cannot be used is no reason to refuse an answer: the person is told, and the run
    /// goes on without it.
    static func tiers(
        _ model: CPUModel, _ plan: KVPlan, _ options: EngineOptions
    ) throws -> (file: PrefixCacheFile?, hostSlots: Int) {
        let wanted = options.hostCacheSize.map { $0.bytes / plan.pageStride }
        guard let path = options.prefixCacheFile else { return (nil, clamp(wanted ?? 0)) }
        let budget = options.prefixCacheSize?.bytes ?? defaultFileBytes
        do {
            let file = try PrefixCacheFile(
                path: path, model: model, plan: plan, activations: options.compute.activations,
                budget: budget)
            if file.wasRebuilt {
                Terminal.note(
                    "\(path) was of another model, layout or version, or damaged: it begins anew")
            }
            // What is fetched from the file passes through host memory.
            let fetching = min(max(defaultHostBytes / plan.pageStride, 32), 1024)
            return (file, clamp(max(wanted ?? fetching, 1)))
        } catch {
            Terminal.note("warning: no prefix cache file: \(error.message)")
            return (nil, clamp(wanted ?? 0))
        }
    }

    /// Saves what is cached to the file, if there is one, and says what went wrong with it.
    func close() {
        // After an error something may be under way still.
        if savesPrefixCache, llm.isIdle { llm.savePrefixCache() }
        for warning in llm.takeWarnings() { Terminal.note("warning: \(warning)") }
    }

    private static let defaultFileBytes = 1_000_000_000
    private static let defaultHostBytes = 128 << 20

    private static func clamp(_ slots: Int) -> Int {
        min(slots, KVCacheLimits.maxBlocks - 1)
    }
}
