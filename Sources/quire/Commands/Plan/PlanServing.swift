import ArgumentParser
import KVCache
import Planning

/// How a model is meant to be served.
struct PlanServing: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The longest prompt and answer together, in tokens (default: the model's own).",
            valueName: "n"))
    var context: Int?

    @Option(
        help: ArgumentHelp(
            "What running sequences hold, in tokens: 800 (each), mean:800 (around that), 161+338 "
                + "(prompt and answer), or a trace, of lines 'prompt,answer' say (default: the "
                + "whole context).", valueName: "n|file"))
    var lengths: String?

    @Option(help: "The number format of keys and values.")
    var kvDtype = KVDType.f16

    @Option(
        name: .customLong("weights"),
        help: ArgumentHelp(
            "The number format of weights (default: f16): "
                + "\(WeightFormat.all.map(\.name).joined(separator: ", ")).", valueName: "format"))
    var weightFormat: WeightFormat?

    @Option(help: ArgumentHelp("Tokens of one block of the KV cache.", valueName: "n"))
    var blockSize = 16

    @Option(help: ArgumentHelp("Tokens that are computed in one step, at most.", valueName: "n"))
    var chunk = 512

    @Option(
        help: ArgumentHelp(
            "Concurrent sequences, at most: for a model that is here, and for the logits of "
                + "a step (default: 32 here, 64 elsewhere).", valueName: "n"))
    var batch: Int?

    @Option(
        help: ArgumentHelp(
            "The price of a device for an hour, in any currency.", valueName: "price"))
    var pricePerHour: Double?

    @Option(
        help: ArgumentHelp(
            "Tokens a second of a device, as measured, for the price of tokens (default: the "
                + "bound).", valueName: "n"))
    var tokensPerSecond: Double?

    func validate() throws {
        for (value, name, limit) in [
            (context, "--context", PlanningLimits.context),
            (blockSize, "--block-size", KVCacheLimits.maxBlockSize),
            (chunk, "--chunk", PlanningLimits.stepTokens),
            (batch, "--batch", PlanningLimits.stepTokens),
        ] {
            guard let value, !(1...limit).contains(value) else { continue }
            throw ValidationError("\(name) is \(value); it must be from 1 to \(limit).")
        }
        for (value, name) in [
            (pricePerHour, "--price-per-hour"), (tokensPerSecond, "--tokens-per-second"),
        ] {
            guard let value, !(value > 0 && value < 1e15) else { continue }
            throw ValidationError("\(name) is \(value); it must be above 0.")
        }
        guard tokensPerSecond == nil || pricePerHour != nil else {
            throw ValidationError("--tokens-per-second is for a --price-per-hour.")
        }
    }

    /// Puts the choices into a request.
    func apply(to request: inout PlanRequest) throws {
        request.dtype = kvDtype
        request.blockSize = blockSize
        request.stepTokens = chunk
        request.stepOutputs = batch ?? min(64, chunk)
        request.pricePerHour = pricePerHour
        request.tokensPerSecond = tokensPerSecond
        request.lengths = try lengths.map {
            try PlanLengths.parse($0, context: request.context)
        }
    }
}

extension WeightFormat: ExpressibleByArgument {
    /// The format of a name.
    public init?(argument: String) {
        guard let format = WeightFormat.named(argument) else { return nil }
        self = format
    }

    /// What --help shows of a default.
    public var defaultValueDescription: String { name }
}
