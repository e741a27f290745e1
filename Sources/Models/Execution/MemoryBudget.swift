package import KVCache
import Tensors

/// The memory that a model takes, computed before any of it is allocated.
public struct MemoryBudget: Hashable, Sendable {
    /// Bytes of the weights: packed, or of the mapped model files, which the system may drop and
    /// read again.
    public var weights: Int
    /// Bytes of experts that stay in the model's file, of which the system keeps in memory what
    /// room there is; not in the total.
    public var expertsInFile = 0
    /// Bytes of the KV cache as they are mapped, those of the null block's page included.
    public var keyValues: Int
    /// Bytes of the host tier: pages of blocks that have left the KV cache.
    public var hostKeyValues: Int
    /// Bytes of the buffers that the layers share, attention's scratch among them.
    public var activations: Int
    /// Bytes of the logits of the wanted outputs, and of what sampling makes of a row.
    public var logits: Int
    /// Bytes of the vocabulary and its tables.
    public var tokenizer = 0
    /// Bytes of the tables that say which block is whose.
    public var bookkeeping: Int
    /// Bytes of the program itself: its code, the runtime, the model file's header.
    public var process = 0

    /// All of it, in bytes.
    public var total: Int {
        weights + keyValues + hostKeyValues + activations + logits + tokenizer + bookkeeping
            + process
    }

    /// Computes the sum for an executor with the same arguments; `tokenizer` and `process` are the
    /// caller's to add.
    ///
    /// - Parameters:
    ///   - model: The model, packed or not.
    ///   - form: The form that its weights are going to have; nil: the one that they have.
    ///   - layout: The KV cache.
    ///   - hostSlots: The pages of the host tier.
    ///   - threads: Threads that compute; nil: as many as this process may run at once.
    ///   - maxStepTokens: The most tokens of one step.
    ///   - maxStepOutputs: The most outputs of one step.
    package init(
        model: CPUModel, form: CPUModel.WeightForm? = nil, layout: CacheLayout, hostSlots: Int = 0,
        threads: Int? = nil, maxStepTokens: Int = 512, maxStepOutputs: Int = 64
    ) {
        let c = model.configuration
        let rotary = c.ropes.reduce(0) { $0 + $1.dimension }
        weights = form.map(model.residentBytes(in:)) ?? model.residentBytes
        let threads = threads ?? WorkerPool.defaultThreads
        let leavesExperts = (form ?? model.form) == .expertsInFile
        expertsInFile = leavesExperts ? model.expertBytes : 0
        let arenaLayout = ArenaLayout(layout)
        keyValues = arenaLayout.arenaBytes
        hostKeyValues = hostSlots * arenaLayout.pageStride
        activations =
            Scratch.byteCount(c, tokens: maxStepTokens, outputs: maxStepOutputs)
            + 4 * rotary * maxStepTokens
            + AttentionWorkspace.byteCount(
                threads: threads, headDim: c.widestHead, group: c.largestGroup)
            + (leavesExperts
                ? PanelScratch.byteCount(threads: threads, for: model.chosenExperts) : 0)
        logits = 4 * c.vocabularySize * (maxStepOutputs + Self.sampledRows)
        bookkeeping = (layout.blockCount + hostSlots) * Self.blockBytes
    }

    /// Rows of logits that sampling keeps beside those of the step: candidates and their order.
    static let sampledRows = 4

    /// Bytes that the pool, the tables and the prefix index keep of one block: its tokens, its
    /// links, its key and its places in two hash tables.
    package static let blockBytes = 256
}
