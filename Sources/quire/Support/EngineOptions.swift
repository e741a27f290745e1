import ArgumentParser
import Conversation
import QuireKit

/// The options of the commands that run a model.
struct EngineOptions: ParsableArguments {
    @OptionGroup var load: LoadOptions

    @Option(
        name: .long, parsing: .unconditional,
        help: ArgumentHelp(
            "The longest prompt and answer together, in tokens (default: the model's, if the "
                + "memory holds it).", valueName: "n"))
    var context: Int?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Keep computed prompts in this file, so that a later run need not compute them again. "
                + "It holds what you wrote.", valueName: "path"), completion: .file())
    var prefixCacheFile: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "The most bytes that the file of --prefix-cache-file may have (default: 1GB).",
            valueName: "size"))
    var prefixCacheSize: ByteCount?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Memory beside the KV cache for blocks that have left it (default: none, or a little "
                + "if there is a --prefix-cache-file).", valueName: "size"))
    var hostCacheSize: ByteCount?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "The share of the memory that is free beside the model which the KV cache may take; "
                + "a --context that is asked for may take all of it.", valueName: "share"))
    var memoryFraction = 0.5

    @OptionGroup var compute: ComputeOptions

    /// The choices, as the library takes them.
    var modelOptions: ModelOptions {
        var options = ModelOptions()
        options.context = context
        options.threads = load.threads
        options.quantization = load.quantize
        options.keepsPackedWeights = load.repackCache
        options.ignoresUnread = load.ignoreUnread
        options.experts = load.experts
        options.kvDType = compute.kvDtype
        options.activations = compute.activations
        options.blockSize = compute.blockSize
        options.chunk = compute.chunk
        options.memoryFraction = memoryFraction
        options.hostCacheBytes = hostCacheSize?.bytes
        options.prefixCacheFile = prefixCacheFile
        if let prefixCacheSize { options.prefixCacheBytes = prefixCacheSize.bytes }
        return options
    }

    /// The options that say something else than their defaults.
    var changed: [String] {
        let choices = [
            ("--threads", load.threads != nil), ("--quantize", load.quantize != nil),
            ("--repack-cache", load.repackCache), ("--ignore-unread", load.ignoreUnread),
            ("--experts-in", load.experts != .automatic), ("--context", context != nil),
            ("--prefix-cache-file", prefixCacheFile != nil),
            ("--prefix-cache-size", prefixCacheSize != nil),
            ("--host-cache-size", hostCacheSize != nil),
            ("--memory-fraction", memoryFraction != 0.5), ("--block-size", compute.blockSize != 16),
            ("--chunk", compute.chunk != 512), ("--kv-dtype", compute.kvDtype != .f16),
            ("--activations", compute.activations != .int8),
        ]
        return choices.filter(\.1).map(\.0)
    }

    func validate() throws {
        guard memoryFraction > 0, memoryFraction <= 1 else {
            throw ValidationError(
                "--memory-fraction is \(memoryFraction); it must be above 0 and at most 1.")
        }
        if prefixCacheSize != nil, prefixCacheFile == nil {
            throw ValidationError("--prefix-cache-size needs a --prefix-cache-file.")
        }
        try requirePositive(context, "--context")
    }
}

/// How many sequences share a step, where there are several.
struct BatchOptions: ParsableArguments {
    @Option(
        name: .customLong("batch"), parsing: .unconditional,
        help: ArgumentHelp(
            "Concurrent sequences, at most (default: that of --mode, else 16 in quire generate; 32 "
                + "in quire batch, serve and simulate calibrate; 1 in quire inspect and "
                + "perplexity).", valueName: "n"))
    var size: Int?

    func validate() throws {
        try requirePositive(size, "--batch")
    }
}

/// The options that say how tokens are chosen.
struct SamplingOptions: ParsableArguments {
    @Option(
        name: .long, parsing: .unconditional,
        help: ArgumentHelp(
            "0 always takes the likeliest token, 1 samples as the model says (default: 0.7; quire "
                + "generate: 0).", valueName: "t"))
    var temperature: Double?

    @Option(
        name: .long, parsing: .unconditional,
        help: ArgumentHelp(
            "Sample among the k likeliest tokens; 0: among all (default: 0).", valueName: "k"))
    var topK: Int?

    @Option(
        name: .long, parsing: .unconditional,
        help: ArgumentHelp(
            "Sample among the fewest tokens that make up this share (default: 1).",
            valueName: "p"))
    var topP: Double?

    @Option(
        name: .long, parsing: .unconditional,
        help: ArgumentHelp(
            "Sample among tokens at least this many times as likely as the likeliest (default: "
                + "0.05; quire generate: 0).", valueName: "p"))
    var minP: Double?

    @Option(
        name: .long, parsing: .unconditional,
        help: ArgumentHelp(
            "Equal seeds give equal answers; -1: a new one each time (default: -1).",
            valueName: "n"))
    var seed: Seed?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "End at this text, which is left out; may be given several times.",
            valueName: "text"))
    var stop: [String] = []
}
