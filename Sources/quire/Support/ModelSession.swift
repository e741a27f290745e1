import KVCache
import ModelFiles
import ModelStore
import QuireEngine
import QuireModels
import Scheduling
import Tensors
import Tokenization

/// A model, opened and ready to answer: file, tokenizer, plan of the KV cache, executor, engine.
struct ModelSession {
    /// The weights.
    let model: CPUModel
    /// The engine.
    let llm: LLM
    /// What computes the engine's steps.
    let executor: CPUExecutor
    /// Whether what is cached outlives the session.
    let savesPrefixCache: Bool
    /// Seconds from the file's name to an engine that is ready.
    let loadSeconds: Double

    /// Has the time of the steps from now on charged to `profile`, or to nobody's.
    func profile(_ profile: StepProfile?) {
        executor.profile = profile
        llm.profile = profile
    }

    /// The tokens and texts of the model.
    var tokenizer: Tokenizer { llm.tokenizer }

    /// Opens a model.
    ///
    /// - Parameters:
    ///   - path: a GGUF file.
    ///   - options: what the person chose.
    ///   - scheduling: who runs when.
    ///   - batch: requests that run at once.
    ///   - outputs: logits of one step, at least `batch`.
    init(
        path: String, options: EngineOptions, scheduling: SchedulingOptions? = nil, batch: Int,
        outputs: Int = 1
    ) throws {
        let clock = ContinuousClock()
        let start = clock.now
        let file = try GGUFFile.open(path)
        let tokenizer = try Tokenizer(gguf: file)
        for warning in tokenizer.warnings { Terminal.note("warning: \(warning)") }
        model = try Self.load(file, options)
        let cores = MachineInfo.current().usableCores
        if let threads = options.load.threads, threads > cores {
            Terminal.note(
                "warning: \(threads) threads on \(cores) usable cores wait for each other; "
                    + "--threads \(cores) is faster")
        }
        let plan = try Self.plan(model, options, batch: batch)
        let (cacheFile, hostSlots) = try Self.tiers(model, plan, options)
        let stepTokens = max(options.compute.chunk, batch, outputs)
        let stepOutputs = max(batch, outputs)
        executor = try CPUExecutor(
            model: model, plan: plan, threads: options.load.threads,
            activations: options.compute.activations,
            maxStepTokens: stepTokens, maxStepOutputs: stepOutputs, hostSlots: hostSlots,
            file: cacheFile)
        var configuration = SchedulerConfiguration(
            maxStepTokens: stepTokens, maxStepOutputs: stepOutputs, maxChunk: options.compute.chunk,
            maxRunning: batch)
        scheduling?.apply(to: &configuration)
        configuration.cache.hostSlots = hostSlots
        configuration.cache.fileRecords = cacheFile?.capacity ?? 0
        configuration.cache.seed = cacheFile?.seed
        llm = try LLM(
            executor: executor, tokenizer: tokenizer, plan: plan, configuration: configuration)
        if let cacheFile { llm.restorePrefixCache(cacheFile.records) }
        savesPrefixCache = cacheFile != nil
        loadSeconds = (clock.now - start).seconds
    }

    /// The weights, and what became of the file that keeps them packed.
    private static func load(_ file: GGUFFile, _ options: EngineOptions) throws -> CPUModel {
        var cache: String?
        do throws(ModelStoreError) {
            if options.load.repackCache { cache = try ModelStore().packedFile(of: file.path) }
        } catch {
            Terminal.note("warning: no file of packed weights: \(error.message)")
        }
        // Float activations meet the weights as the file has them.
        let model = try CPUModel(
            file, form: options.compute.activations == .float32 ? .file : .packed,
            threads: options.load.threads, repackCache: cache)
        guard let cache else { return model }
        switch model.repackCache {
        case .mapped: break
        case .written(let fault):
            if let fault { Terminal.note("\(cache) \(fault): it begins anew") }
            Terminal.note("Packed weights are kept in \(cache).")
        case .failed(let reason):
            Terminal.note("warning: no file of packed weights: \(reason)")
        case .needless, nil:
            Terminal.note(
                "--repack-cache does nothing here: the model's file is read as it is")
        }
        return model
    }

    /// The KV cache: what `batch` sequences of the context can use, within half of the memory that
    /// the model leaves.
    private static func plan(
        _ model: CPUModel, _ options: EngineOptions, batch: Int
    ) throws -> KVPlan {
        let trained = model.configuration.contextLength
        if let context = options.context, context > trained {
            Terminal.note(
                "warning: the model was trained on contexts of \(trained) tokens; beyond them it "
                    + "may write nonsense")
        }
        let available = MachineInfo.current().availableMemory
        let host = options.hostCacheSize?.bytes ?? 0
        let budget = max(0, available - model.weightBytes - host) / 2
        guard host == 0 || budget > 0 else {
            throw MemoryShortage(
                description: "--host-cache-size is \(Sizes.bytes(host)), and beside the model "
                    + "\(Sizes.bytes(max(0, available - model.weightBytes))) are free, of which "
                    + "the KV cache needs some too; make it smaller")
        }
        var planner = KVPlanner(
            geometry: model.configuration.kvGeometry, dtype: options.compute.kvDtype,
            blockSize: options.compute.blockSize,
            maxModelLength: options.context ?? min(trained, KVCacheLimits.maxModelLength),
            maxChunk: options.compute.chunk)
        if options.context == nil {
            planner.maxModelLength = max(1, try planner.maximumLength(budget: budget))
        }
        let all = try planner.plan(sequences: batch)
        return all.residentBytes <= budget ? all : try planner.plan(budget: budget)
    }
}

/// Memory was asked for that the machine does not have.
struct MemoryShortage: Error, CustomStringConvertible {
    let description: String
}

extension Duration {
    /// The duration in seconds.
    var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }
}
