package import KVCache
import Tensors

/// The memory that a model takes, computed before any of it is allocated.
package struct MemoryBudget: Hashable, Sendable {
    /// Bytes of the weights: packed, or of the mapped model files, which the system may drop and
    /// read again.
    package var weights: Int
    /// Bytes of the KV cache as they are mapped, those of the null block's page included.
    package var keyValues: Int
    /// Bytes of the host tier: pages of blocks that have left the KV cache.
    package var hostKeyValues: Int
    /// Bytes of the buffers that the layers share, attention's scratch among them.
    package var activations: Int
    /// Bytes of the logits of the wanted outputs.
    package var logits: Int

    /// All of it, in bytes.
    package var total: Int { weights + keyValues + hostKeyValues + activations + logits }

    /// Computes the sum for an executor with the same arguments.
    ///
    /// - Parameters:
    ///   - model: The model.
    ///   - plan: The KV cache.
    ///   - hostSlots: The pages of the host tier.
    ///   - threads: Threads that compute; nil: as many as this process may run at once.
    ///   - maxStepTokens: The most tokens of one step.
    ///   - maxStepOutputs: The most outputs of one step.
    package init(
        model: CPUModel, plan: KVPlan, hostSlots: Int = 0, threads: Int? = nil,
        maxStepTokens: Int = 512, maxStepOutputs: Int = 64
    ) {
        let c = model.configuration
        let (width, hidden) = (c.embeddingLength, c.feedForwardLength)
        let rotary = c.ropes.reduce(0) { $0 + $1.dimension }
        let floats =
            (2 * width + 2 * c.queryWidth + 2 * c.keyValueWidth + 2 * hidden + rotary)
            * maxStepTokens + width * maxStepOutputs
        let bytes = QuantizedInputs.byteCount(c, tokens: maxStepTokens, outputs: maxStepOutputs)
        weights = model.residentBytes
        keyValues = plan.arenaBytes
        hostKeyValues = hostSlots * plan.pageStride
        activations =
            4 * floats + bytes
            + AttentionWorkspace.byteCount(
                threads: threads ?? WorkerPool.defaultThreads, headDim: c.headDimension,
                group: c.headCount / c.kvHeadCount)
        logits = 4 * c.vocabularySize * maxStepOutputs
    }
}
