import KVCache
import QuireEngine
package import QuireModels
import Scheduling
package import Tokenization

/// Runs workloads of one model under settings. Executors are kept: what an earlier run has left in
/// the arena is there to be read by mistake.
package final class Rig {
    private let model: CPUModel
    private let tokenizer: Tokenizer
    private let maxModelLength: Int
    private let sequences: Int
    private var executors: [Key: (executor: CPUExecutor, layout: CacheLayout)] = [:]

    private struct Key: Hashable {
        let blockSize: Int
        let threads: Int
    }

    /// - Parameters:
    ///   - model: the model.
    ///   - tokenizer: its tokens.
    ///   - maxModelLength: tokens of the longest sequence.
    ///   - sequences: of which so many fit in the cache: fewer than run.
    package init(model: CPUModel, tokenizer: Tokenizer, maxModelLength: Int, sequences: Int) {
        self.model = model
        self.tokenizer = tokenizer
        self.maxModelLength = maxModelLength
        self.sequences = sequences
    }

    /// Each request alone in a contiguous cache without reuse, in one chunk, on one thread.
    package func alone(_ workload: Workload) throws -> [[Answer]] {
        var setting = Setting()
        setting.prefixCaching = false
        setting.blockSize = maxModelLength
        setting.chunk = maxModelLength
        return try workload.requests.map { request in
            try llm(setting).answers([request])[0].get().map(Answer.init)
        }
    }

    /// All requests at once; twice where a second time finds a warm cache.
    package func answers(_ workload: Workload, _ setting: Setting) throws -> [[[Answer]]] {
        let llm = try llm(setting)
        return try (0..<(setting.prefixCaching ? 2 : 1)).map { _ in
            let results = llm.answers(workload.requests)
            let now = llm.statistics.scheduling
            precondition(
                now.usedBlocks == 0 && now.cachedBlocks + now.freeBlocks == llm.layout.capacity,
                "blocks are lost: \(now) of \(llm.layout.capacity)")
            return try results.map { try $0.get().map(Answer.init) }
        }
    }

    private func llm(_ setting: Setting) throws -> LLM {
        let (executor, layout) = try executor(setting)
        var configuration = SchedulerConfiguration(
            maxStepTokens: executor.maxStepTokens, maxStepOutputs: executor.maxStepOutputs,
            maxChunk: min(setting.chunk, maxModelLength), maxRunning: setting.batch)
        configuration.order = setting.order
        configuration.admission = setting.admission
        configuration.forcedPreemption = setting.preemption
        configuration.cache = CacheConfiguration(
            prefixCaching: setting.prefixCaching, eviction: setting.eviction,
            hostSlots: setting.preemption?.how == .swap ? layout.capacity : 0)
        return try LLM(
            executor: executor, tokenizer: tokenizer, layout: layout, configuration: configuration)
    }

    private func executor(_ setting: Setting) throws -> (executor: CPUExecutor, layout: CacheLayout)
    {
        let key = Key(blockSize: setting.blockSize, threads: setting.threads)
        if let known = executors[key] { return known }
        let layout = try KVPlanner(
            geometry: model.configuration.kvGeometry, blockSize: setting.blockSize,
            maxModelLength: maxModelLength, maxChunk: maxModelLength
        ).plan(sequences: sequences)
        let executor = try CPUExecutor(
            model: model, layout: layout, threads: setting.threads, maxStepTokens: maxModelLength,
            maxStepOutputs: 32, hostSlots: layout.capacity)
        executors[key] = (executor, layout)
        return (executor, layout)
    }
}
