package import KVCache
import QuireIdentifiers
package import Scheduling
import Tensors

/// Runs steps of a model on the CPU's cores, any mix of prefill chunks and decodes in one forward
/// pass.
///
/// The executor owns the bytes of the KV arena and the buffers of the pass, all allocated when it
/// is made (`MemoryBudget` is their sum); a step allocates nothing that grows with the model. A
/// token's logits are the same to the bit for any block size, any chunking of its prompt, any
/// company in its steps and any number of threads.
package final class CPUExecutor: Executor {
    /// The model.
    package let model: CPUModel
    /// Threads that compute, the caller's included.
    package var threads: Int { linear.compute.pool.threads }
    /// Tokens that one step may have.
    package let maxStepTokens: Int
    /// Outputs that one step may have.
    package let maxStepOutputs: Int
    /// Entries of a row of logits.
    package var vocabularySize: Int { model.configuration.vocabularySize }

    /// Bytes of pages that it moves in a second; nil until it has moved some.
    package private(set) var copyBandwidth: Double?

    /// Records where the time of steps goes; nil: it is not measured.
    package var profile: StepProfile? {
        didSet { linear.profile = profile }
    }

    private var linear: Linear
    private let scratch: Scratch
    private let arena: KVArena
    /// The pages of the host tier, one for each slot.
    private let host: KVArena?
    /// The file tier, if there is one.
    private let worker: TierWorker?
    private let cache: CacheStep
    private let products: [LayerProducts]
    private let output: ProductGroup
    private let layerInputs: LayerInputMaker?
    /// The largest logit of each output.
    private let peaks: RowPeaks
    private let rotations: [RotaryTable]
    /// What the queries of the step's tokens are multiplied by; empty where they are not.
    private var queryScales: [Float] = []

    /// Allocates everything that steps need.
    ///
    /// - Parameters:
    ///   - model: The model; executors may share it.
    ///   - layout: The KV cache, made by `KVPlanner` for `model.configuration.kvGeometry`.
    ///   - threads: Threads that compute, the caller's included; nil: as many as this process
    ///     may run at once.
    ///   - activations: The precision of the products.
    ///   - maxStepTokens: Tokens that one step may have.
    ///   - maxStepOutputs: Outputs that one step may have.
    ///   - hostSlots: Pages of the host tier, that `BlockTransfer.store` and `.load` name.
    ///   - file: The file tier, opened for the model and the plan; it needs host slots.
    /// - Throws: `ModelError.invalidPlan` for numbers that do not fit the model,
    ///   `ModelError.outOfMemory` if the system refuses the memory.
    package init(
        model: CPUModel, layout: CacheLayout, threads: Int? = nil,
        activations: ActivationMode = .int8,
        maxStepTokens: Int = 512, maxStepOutputs: Int = 64, hostSlots: Int = 0,
        file: PrefixCacheFile? = nil
    ) throws(ModelError) {
        let c = model.configuration
        guard layout.geometry == c.kvGeometry else {
            throw ModelError(
                .invalidPlan,
                "the cache layout was made for another model; plan with its kvGeometry")
        }
        try Self.checkContext(model, layout)
        guard layout.dtype != .int8 || model.configuration.layers.allSatisfy({ $0.latent == nil })
        else {
            throw ModelError(
                .invalidPlan,
                "the model keeps latent vectors, which have no form of 8 bits; take a cache of "
                    + "f16 or bf16")
        }
        guard activations == .float32 || model.hasProductsWithBytes else {
            throw ModelError(
                .invalidPlan, "the model was loaded in its file's form; load it packed")
        }
        try Self.check(maxStepTokens, "maxStepTokens", ModelLimits.maximumStepTokens)
        try Self.check(maxStepOutputs, "maxStepOutputs", maxStepTokens)
        guard hostSlots >= 0, hostSlots < KVCacheLimits.maxBlocks else {
            throw ModelError(
                .invalidPlan, subject: "hostSlots",
                "is \(hostSlots) but must be from 0 to \(KVCacheLimits.maxBlocks - 1)")
        }
        let threads = threads ?? WorkerPool.defaultThreads
        try Self.check(threads, "threads", ModelLimits.maximumThreads)
        self.model = model
        self.maxStepTokens = maxStepTokens
        self.maxStepOutputs = maxStepOutputs
        let compute = Compute(pool: WorkerPool(threads: threads))
        linear = Linear(compute: compute, activations: activations)
        peaks = RowPeaks(rows: maxStepOutputs, threads: compute.pool.threads)
        do {
            let scratch = try Scratch(c, tokens: maxStepTokens, outputs: maxStepOutputs)
            self.scratch = scratch
            let panels =
                model.form == .expertsInFile
                ? try PanelScratch(threads: threads, for: model.chosenExperts) : nil
            products = model.layers.map { LayerProducts($0, scratch, panels) }
            output = ProductGroup([.init(model.output, into: scratch.logits)])
            layerInputs = LayerInputMaker(model, scratch)
            let arenaLayout = ArenaLayout(layout)
            arena = try arenaLayout.makeArena(pages: layout.blockCount)
            host = hostSlots == 0 ? nil : try arenaLayout.makeArena(pages: hostSlots)
            cache = CacheStep(
                try CacheStep.CachedLayer.layers(model, arenaLayout), arena,
                try AttentionWorkspace(
                    threads: threads, headDim: c.widestHead, group: c.largestGroup))
            var tables: [RotaryTable] = []
            for rope in c.ropes {
                tables.append(
                    try RotaryTable(
                        rows: maxStepTokens,
                        inverseFrequencies: rope.frequencies(context: layout.maxModelLength),
                        magnitude: rope.magnitude))
            }
            rotations = tables
        } catch {
            throw ModelError(.outOfMemory, error.message)
        }
        worker = try Self.worker(file, arena, host, layout)
    }

    /// Refuses a cache for contexts that the model cannot tell positions in.
    private static func checkContext(
        _ model: CPUModel, _ layout: CacheLayout
    ) throws(ModelError) {
        if let positions = model.positions, layout.maxModelLength > positions.rows {
            throw ModelError(
                .invalidPlan, subject: "position_embd.weight",
                "the model knows \(positions.rows) positions and the cache is for contexts of "
                    + "\(layout.maxModelLength) tokens; ask for a context of at most "
                    + "\(positions.rows)")
        }
        if model.configuration.layers.contains(where: { $0.slopeExponent != nil }),
            layout.maxModelLength > HeadTerms.slopedContext
        {
            throw ModelError(
                .invalidPlan,
                "the model tells distances apart up to \(HeadTerms.slopedContext) tokens and the "
                    + "cache is for contexts of \(layout.maxModelLength); ask for a shorter one")
        }
    }

    private static func worker(
        _ file: PrefixCacheFile?, _ arena: KVArena, _ host: KVArena?, _ layout: CacheLayout
    ) throws(ModelError) -> TierWorker? {
        guard let file else { return nil }
        guard let host, file.file.layout.pageBytes == layout.pageBytes else {
            throw ModelError(
                .invalidPlan,
                "a prefix cache file needs host slots and the cache layout that it is for")
        }
        return try TierWorker(file.file, arena: arena, host: host)
    }

    /// Begins work of the file tier; see `Executor`.
    package func start(_ operations: [TierOperation]) {
        guard !operations.isEmpty else { return }
        guard let worker else { preconditionFailure("work for a file tier that is not there") }
        worker.queue.put(operations)
    }

    /// The work of the file tier that has ended; see `Executor`.
    package func takeCompletions(waiting: Bool) -> [TierCompletion] {
        worker?.queue.takeCompletions(waiting: waiting) ?? []
    }

    /// What has gone wrong with the file tier since the last call.
    package func takeWarnings() -> [String] { worker?.queue.takeWarnings() ?? [] }

    /// Blocks that were not written to the file tier because the disk was too slow.
    package var droppedTierWrites: Int { worker?.queue.dropped ?? 0 }

    /// Moves pages, then computes a step; see `Executor`. Plans that break its contract trap.
    package func execute(_ plan: borrowing StepPlan) {
        transfer(plan.transfers)
        profile?.mark(.transfers)
        let tokens = plan.tokens.count
        precondition(tokens <= maxStepTokens && plan.outputs.count <= maxStepOutputs)
        guard tokens > 0 else { return }
        embed(plan)
        profile?.mark(.embedding)
        for table in rotations { linear.compute.fill(table, positions: plan.positions) }
        if let growth = model.configuration.queryGrowth {
            queryScales.removeAll(keepingCapacity: true)
            for position in plan.positions { queryScales.append(growth.factor(position)) }
        }
        cache.update(plan)
        var pass = ForwardPass(
            configuration: model.configuration, linear: linear, scratch: scratch,
            products: products, cache: cache, rows: 0..<tokens, outputs: plan.outputs,
            queryScales: queryScales, rotations: rotations, profile: profile)
        profile?.mark(.preparation)
        for layer in model.layers {
            if let latent = products[layer.index].latent {
                pass.runLatent(layer, latent)
            } else {
                pass.run(layer)
            }
        }
        project(plan.outputs.count)
    }

    /// The logits of an output of the last step: [vocabularySize]
    @_lifetime(borrow self)
    package func logits(_ index: Int) -> Span<Float> {
        scratch.logits.row(index, lentBy: self)
    }

    /// The largest logit of an output of the last step, where the product found it on its way.
    package func peak(_ index: Int) -> LogitPeak? {
        peaks.peak(index).map { LogitPeak(token: $0.column, logit: $0.value) }
    }

    /// Moves whole pages, in order: within the arena, and between it and the host tier.
    private func transfer(_ transfers: [BlockTransfer]) {
        guard !transfers.isEmpty else { return }
        let start = ContinuousClock.now
        defer { learnBandwidth(transfers.count, ContinuousClock.now - start) }
        linear.compute.move(
            transfers.map { transfer in
                switch transfer {
                case .copy(let from, let to):
                    return PageMove(from: page(from), of: arena, to: page(to), of: arena)
                case .store(let block, let slot):
                    return PageMove(from: page(block), of: arena, to: slot, of: slots)
                case .load(let slot, let block):
                    return PageMove(from: slot, of: slots, to: page(block), of: arena)
                }
            })
    }

    /// A moving average: the first copies touch pages that the system has yet to give.
    private func learnBandwidth(_ pages: Int, _ time: Duration) {
        let (seconds, attoseconds) = time.components
        let elapsed = Double(seconds) + Double(attoseconds) * 1e-18
        guard elapsed > 0 else { return }
        let rate = Double(pages * arena.pageBytes) / elapsed
        copyBandwidth = copyBandwidth.map { 0.8 * $0 + 0.2 * rate } ?? rate
    }

    private func page(_ block: BlockID) -> Int {
        precondition(block != .null, "the null block has no page to move")
        return Int(block.rawValue)
    }

    private var slots: KVArena {
        guard let host else { preconditionFailure("a transfer to a host tier that is not there") }
        return host
    }

    /// Token ids -> residual stream [T, D]
    private func embed(_ plan: borrowing StepPlan) {
        let x = scratch.x
        let tokens = plan.tokens
        let scale = model.configuration.embeddingScale
        linear.compute.pool.run(
            tasks: tokens.count, EmbedRows(tokens: tokens, embedding: model.embedding, x: x))
        if scale != 1 { linear.compute.scale(x, by: scale, rows: 0..<tokens.count) }
        if let norm = model.embeddingNorm {
            linear.compute.normalize(x, by: norm, rows: 0..<tokens.count, into: x)
        }
        layerInputs?.make(tokens, scratch, linear)
        guard let positions = model.positions else { return }
        linear.compute.pool.run(
            tasks: tokens.count,
            PositionRows(positions: plan.positions, learned: positions, h: scratch.h))
        linear.compute.add(x, scratch.h, rows: 0..<tokens.count, into: x)
    }

    /// Residual stream of the wanted tokens, the first rows of it [O, D] -> logits [O, V]
    private func project(_ outputs: Int) {
        guard outputs > 0 else { return }
        let c = model.configuration
        linear.multiply(
            .normed(scratch.x, by: model.outputNorm, floats: scratch.outputs),
            scratch.roundedOutputs, tokens: outputs, output, peaks: peaks)
        if !model.outputBias.isEmpty {
            linear.compute.addBias(model.outputBias, to: scratch.logits, rows: 0..<outputs)
            peaks.forget()
        }
        if let cap = c.logitCap {
            linear.compute.softCap(scratch.logits, cap: cap, rows: 0..<outputs)
            peaks.forget()
        }
        profile?.mark(.vocabulary)
    }

    private static func check(
        _ value: Int, _ name: String, _ limit: Int
    ) throws(ModelError) {
        guard (1...limit).contains(value) else {
            throw ModelError(
                .invalidPlan, subject: name, "is \(value) but must be from 1 to \(limit)")
        }
    }
}

/// Rows of the learned positions, one a token.
private struct PositionRows: PoolWork {
    let positions: [Int32]
    let learned: WeightMatrix
    let h: FloatMatrix

    func run(task row: Int, worker: Int) {
        h.withMutableRow(row) { learned.dequantize(row: Int(positions[row]), into: &$0) }
    }
}

/// Rows of the embedding, one a token: no closure, so that a step allocates nothing for them.
struct EmbedRows: PoolWork {
    let tokens: [TokenID]
    let embedding: WeightMatrix
    let x: FloatMatrix

    func run(task row: Int, worker: Int) {
        x.withMutableRow(row) {
            embedding.dequantize(row: Int(tokens[row].rawValue), into: &$0)
        }
    }
}
