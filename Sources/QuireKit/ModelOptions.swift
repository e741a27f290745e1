public import KVCache
public import ModelFiles
package import QuireEngine
public import QuireModels
public import Scheduling

/// How a model is put on this machine: memory, threads, and which request runs when.
///
/// ```swift
/// var options = ModelOptions()
/// options.context = 4_096
/// options.kvDType = .int8
/// let llm = try LLM("gemma-3-270m", options)
/// ```
///
/// None of it changes a request's tokens, but for `quantization`, `kvDType` and `activations`,
/// which are number formats.
public struct ModelOptions: Sendable {
    /// Tokens of the longest prompt and answer together; nil: the model's own, or what the memory
    /// holds.
    public var context: Int?

    /// Requests that run at once; the rest wait.
    public var batch = 32

    /// Requests that may wait; more are refused.
    public var maxWaiting = SchedulingLimits.maxWaiting

    /// Tokens of the prompts that may wait; more are refused, unless nothing waits.
    public var maxWaitingTokens = SchedulingLimits.maxWaitingTokens

    /// Log probabilities beside each token that a request may ask for; -1: all.
    public var maxLogprobs = EngineLimits.maxLogprobs

    /// Threads that compute, the caller's included; nil: as many as this process may run at once.
    public var threads: Int?

    /// The number format of keys and values.
    public var kvDType = KVDType.f16

    /// The share of the memory that is free beside the model which the KV cache may take, above 0
    /// and at most 1. A context that is asked for may take all of it.
    public var memoryFraction = 0.5

    /// Bytes beside the KV cache for blocks that have left it; nil: none, or a little if there is a
    /// `prefixCacheFile`.
    public var hostCacheBytes: Int?

    /// The path of a file in which computed prompts outlive the process; it holds what people
    /// wrote. nil: none.
    public var prefixCacheFile: String?

    /// The most bytes that `prefixCacheFile` may have.
    public var prefixCacheBytes = 1_000_000_000

    /// Keeps the weights, packed for this processor, in a file beside the installed models, and
    /// maps that at the next start instead of packing again.
    public var keepsPackedWeights = false

    /// What the weights are rounded to as the model is opened; nil: they stay as its files have
    /// them. The same bits come of it as of a file that was converted so.
    public var quantization: Quantization?

    /// Opens a model although its file has tensors or hyper-parameters that change what it computes
    /// and that are not read, as if they were not there; a warning names them.
    public var ignoresUnread = false

    /// Which request is admitted next.
    public var order = OrderChoice.fcfs

    /// Which request is admitted next, by a policy of your own instead of `order`.
    public var orderPolicy: (any OrderPolicy)?

    /// What the engine takes for the time since some fixed moment: it never goes back, and is read
    /// from any thread. nil: the machine's clock, from the opening on.
    public var clock: (@Sendable () -> Duration)?

    /// When there is room for one more.
    public var admission = AdmissionPolicy.watermark

    /// Which cached block is given up first.
    public var eviction = EvictionPolicy.adaptive

    /// Whether requests that begin alike share what was computed.
    public var sharesPrefixes = true

    /// The longest time that a step should take while answers are generated; nil: prompts get the
    /// whole step.
    public var interTokenTarget: Duration?

    /// Machines or processors that one layer is divided over. Only 1 can be had.
    public var tensorParallel = 1

    /// The precision of the products; `float32` is slow, for comparison with reference results.
    public var activations = ActivationMode.int8

    /// Where the weights of experts are kept, of a model that has some.
    public var experts = ExpertPlacement.automatic

    /// Writes the steps of an engine down; nil: nobody asks.
    package var recorder: StepRecorder?

    /// Tokens of a block of the KV cache.
    package var blockSize = 16

    /// Tokens of a prompt that are computed in one step.
    package var chunk = 512

    /// Bytes of keys and values, where they are to be exactly these instead of a share of the
    /// memory.
    package var kvBytes: Int?

    /// Logits of one step, where that must be more than `batch`: the rows of a text that is scored.
    package var outputs = 1

    /// The defaults.
    public init() {}
}

extension ModelOptions {
    /// Tokens of one step.
    var stepTokens: Int { max(chunk, batch, outputs) }

    /// A model in the formats that are asked for.
    func rounding(_ model: any ModelDescription) -> any ModelDescription {
        quantization.map { RequantizedModel(model, $0) as any ModelDescription } ?? model
    }

    /// Logits of one step.
    var stepOutputs: Int { max(batch, outputs) }

    /// Refuses what no machine can do; what this one cannot is known with the model.
    func check() throws(LoadError) {
        guard tensorParallel == 1 else {
            throw LoadError(
                .invalidOptions,
                "tensorParallel is \(tensorParallel); it must be 1: a layer runs on one machine")
        }
        guard memoryFraction > 0, memoryFraction <= 1 else {
            throw LoadError(
                .invalidOptions,
                "memoryFraction is \(memoryFraction); it must be above 0 and at most 1")
        }
        for (name, value) in [
            ("context", context), ("batch", batch), ("threads", threads), ("outputs", outputs),
            ("blockSize", blockSize), ("chunk", chunk),
        ] {
            if let value, value < 1 {
                throw LoadError(.invalidOptions, "\(name) is \(value); it must be at least 1")
            }
        }
        for (name, value) in [
            ("hostCacheBytes", hostCacheBytes ?? 0), ("prefixCacheBytes", prefixCacheBytes),
            ("maxWaiting", maxWaiting), ("maxWaitingTokens", maxWaitingTokens),
        ] where value < 0 {
            throw LoadError(.invalidOptions, "\(name) is \(value); it must not be negative")
        }
    }

    /// The scheduler's bounds and policies, but for the tiers.
    var scheduling: SchedulerConfiguration {
        var configuration = SchedulerConfiguration(
            maxStepTokens: stepTokens, maxStepOutputs: stepOutputs, maxChunk: chunk,
            maxRunning: batch, maxWaiting: maxWaiting)
        configuration.maxWaitingTokens = maxWaitingTokens
        configuration.order = order
        configuration.admission = admission
        configuration.interTokenTarget = interTokenTarget
        configuration.cache.eviction = eviction
        configuration.cache.prefixCaching = sharesPrefixes
        return configuration
    }
}
