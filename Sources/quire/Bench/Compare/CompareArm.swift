import KVCache
import QuireKit
import Scheduling

/// One way to serve the same requests in the same memory: a configuration of the engine.
///
/// Contiguous is a block of the longest context; static is an order that admits only into an empty
/// batch. There is no other code for them than the one that serves.
struct CompareArm {
    /// What it is called.
    let name: String
    /// Tokens of a block; nil: of the longest context.
    let blockSize: Int?
    let order: OrderChoice
    let sharesPrefixes: Bool
    /// Tokens of a prompt in one step; nil: the whole of it.
    let chunk: Int?
    /// Whether every token is computed from all that came before it, which nothing keeps.
    var isWithoutCache = false

    /// The arms in their order, each with one thing more than the one before.
    static func all(blockSize: Int, chunk: Int) -> [CompareArm] {
        func arm(
            _ name: String, _ block: Int?, _ order: OrderChoice, shares: Bool = false,
            chunk: Int? = nil
        ) -> CompareArm {
            CompareArm(
                name: name, blockSize: block, order: order, sharesPrefixes: shares, chunk: chunk)
        }
        var none = arm("no KV cache", nil, .fcfs)
        none.isWithoutCache = true
        return [
            none,
            arm("contiguous, static", nil, .staticBatches),
            arm("contiguous, continuous", nil, .fcfs),
            arm("paged, static", blockSize, .staticBatches),
            arm("paged, continuous", blockSize, .fcfs),
            arm("+ prefix cache", blockSize, .fcfs, shares: true),
            arm("+ chunked prefill", blockSize, .fcfs, shares: true, chunk: chunk),
        ]
    }

    /// The options of a model with exactly `kvBytes` of keys and values.
    func modelOptions(
        context: Int, kvBytes: Int, batch: Int, load: LoadOptions, dtype: KVDType
    ) -> ModelOptions {
        var options = ModelOptions()
        options.threads = load.threads
        options.quantization = load.quantize
        options.keepsPackedWeights = load.repackCache
        options.experts = load.experts
        options.ignoresUnread = load.ignoreUnread
        options.kvDType = dtype
        options.context = context
        options.blockSize = blockSize ?? context
        options.kvBytes = kvBytes
        options.order = order
        options.sharesPrefixes = sharesPrefixes
        // Whole prompts in one step, as engines without chunks compute them.
        options.chunk = chunk ?? context
        // Contiguous memory for one sequence each: more could not run.
        options.batch = batch
        options.admission = .watermark
        return options
    }
}
