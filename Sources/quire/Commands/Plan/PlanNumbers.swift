import ArgumentParser
import KVCache
import Planning

/// A model by its numbers, in place of a name.
struct PlanNumbers: ParsableArguments {
    @Option(help: ArgumentHelp("Layers.", valueName: "n"))
    var layers: Int?

    @Option(help: ArgumentHelp("Query heads of a layer.", valueName: "n"))
    var heads: Int?

    @Option(
        help: ArgumentHelp("Key and value heads of a layer (default: --heads).", valueName: "n"))
    var kvHeads: Int?

    @Option(
        help: ArgumentHelp("Elements of a head (default: --hidden / --heads).", valueName: "n"))
    var headDim: Int?

    @Option(help: ArgumentHelp("Width of the residual stream.", valueName: "n"))
    var hidden: Int?

    @Option(
        help: ArgumentHelp(
            "Width of the feed-forward network, or of one expert; it is gated.", valueName: "n"))
    var ffn: Int?

    @Option(help: ArgumentHelp("Entries of the vocabulary.", valueName: "n"))
    var vocab: Int?

    @Flag(help: "The output matrix is the embedding.")
    var tied = false

    @Option(
        help: ArgumentHelp(
            "Weights, where not all dimensions are known: 7B, 175B.", valueName: "count"))
    var params: LargeCount?

    @Option(help: ArgumentHelp("Experts of a layer.", valueName: "n"))
    var experts: Int?

    @Option(help: ArgumentHelp("Experts that each token is routed to.", valueName: "n"))
    var expertsUsed: Int?

    @Option(help: ArgumentHelp("Tokens that layers with a window see.", valueName: "n"))
    var window: Int?

    @Option(
        help: ArgumentHelp(
            "Every n-th layer sees everything in spite of --window.", valueName: "n"))
    var globalEvery: Int?

    @Option(
        help: ArgumentHelp(
            "Elements of the latent vector of keys and values (latent attention).",
            valueName: "n"))
    var kvLoraRank: Int?

    @Option(
        help: ArgumentHelp(
            "Elements of the key's rotary part (RoPE), beside the latent vector.",
            valueName: "n"))
    var ropeDim: Int?

    /// The options that were given.
    var given: [String] {
        let choices: [(String, Bool)] = [
            ("--layers", layers != nil), ("--heads", heads != nil), ("--kv-heads", kvHeads != nil),
            ("--head-dim", headDim != nil), ("--hidden", hidden != nil), ("--ffn", ffn != nil),
            ("--vocab", vocab != nil), ("--tied", tied), ("--params", params != nil),
            ("--experts", experts != nil), ("--experts-used", expertsUsed != nil),
            ("--window", window != nil), ("--global-every", globalEvery != nil),
            ("--kv-lora-rank", kvLoraRank != nil), ("--rope-dim", ropeDim != nil),
        ]
        return choices.filter(\.1).map(\.0)
    }

    /// Refuses numbers that contradict each other.
    func validate() throws {
        let pairs = [
            ("--experts", experts != nil, "--experts-used", expertsUsed != nil),
            ("--kv-lora-rank", kvLoraRank != nil, "--rope-dim", ropeDim != nil),
        ]
        for (one, isOne, other, isOther) in pairs where isOne != isOther {
            let (there, missing) = isOne ? (one, other) : (other, one)
            throw ValidationError("\(there) needs \(missing) too.")
        }
        if globalEvery != nil, window == nil {
            throw ValidationError("--global-every is for models with a --window.")
        }
        if kvLoraRank != nil, kvHeads != nil || headDim != nil {
            throw ValidationError(
                "--kv-lora-rank means one latent vector for all heads; leave --kv-heads and "
                    + "--head-dim out.")
        }
        if let experts, let expertsUsed, !(1...experts).contains(expertsUsed) {
            throw ValidationError(
                "--experts-used is \(expertsUsed); it must be from 1 to --experts \(experts).")
        }
        for (value, name, limit) in [
            (layers, "--layers", PlanningLimits.layers), (heads, "--heads", headLimit),
            (kvHeads, "--kv-heads", headLimit), (headDim, "--head-dim", headLimit),
            (hidden, "--hidden", PlanningLimits.hidden), (ffn, "--ffn", PlanningLimits.wide),
            (vocab, "--vocab", PlanningLimits.wide),
            (experts, "--experts", PlanningLimits.experts),
            (window, "--window", PlanningLimits.context),
            (globalEvery, "--global-every", PlanningLimits.layers),
            (kvLoraRank, "--kv-lora-rank", headLimit), (ropeDim, "--rope-dim", headLimit),
            (params?.count, "--params", PlanningLimits.parameters),
        ] {
            guard let value, !(1...limit).contains(value) else { continue }
            throw ValidationError("\(name) is \(value); it must be from 1 to \(limit).")
        }
    }

    private var headLimit: Int { PlanningLimits.headExtent }
}
