import ArgumentParser
import FoundationEssentials
import KVCache
import Planning
import Scheduling
import Simulation

/// The machine and the model of a simulated service, and the settings of its engine.
struct SimulatedMachine: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A model whose dimensions are known: llama-3.1-8b, opt-13b; quire plan lists them.",
            valueName: "name"),
        completion: .list(ModelCatalogue.names))
    var model: String?

    @Option(
        name: .customLong("weights"),
        help: ArgumentHelp("The number format of its weights (default: f16).", valueName: "format"))
    var weights: WeightFormat?

    @OptionGroup var machine: PlanMachine

    @Option(
        help: ArgumentHelp(
            "What steps take as it was measured: a file that quire simulate calibrate wrote, in "
                + "place of --model and --device.", valueName: "file"),
        completion: .file())
    var costs: String?

    @Option(
        help: ArgumentHelp(
            "The time that the host takes between two steps, as 500us (default: as measured, or "
                + "500us).", valueName: "time"))
    var hostTime: ShortTime?

    @Option(
        help: ArgumentHelp(
            "Blocks of the KV cache (default: what the memory has room for, or as measured).",
            valueName: "n"))
    var blocks: Int?

    @Option(
        help: ArgumentHelp(
            "The number format of keys and values (default: f16, or as measured).",
            valueName: "format"))
    var kvDtype: KVDType?

    @Option(
        help: ArgumentHelp(
            "Tokens of one block of the KV cache (default: 16, or as measured).", valueName: "n"))
    var blockSize: Int?

    @Option(
        help: ArgumentHelp(
            "The longest prompt and answer together, in tokens (default: the model's, or as "
                + "measured).", valueName: "n"))
    var context: Int?

    @Option(
        help: ArgumentHelp(
            "Machines of this kind; a request goes to the one that has the fewest.",
            valueName: "n"))
    var replicas = 1

    func validate() throws {
        guard (costs == nil) != (model == nil && !machine.isGiven) else {
            throw ValidationError(
                "Give --model and --device, as llama-3.1-8b and a100-80, or --costs FILE.")
        }
        guard costs != nil || model != nil && machine.isGiven else {
            throw ValidationError(
                "--model and --device (or --memory, --bandwidth, --flops) belong "
                    + "together.")
        }
        guard (machine.devices ?? 1) == 1 else {
            throw ValidationError(
                "--devices: a copy of the model across several devices needs tensor parallelism, "
                    + "which Quire has not yet. --replicas simulates several copies.")
        }
        guard 1...ServiceLimits.replicas ~= replicas else {
            throw ValidationError(
                "--replicas is \(replicas); it must be from 1 to \(ServiceLimits.replicas).")
        }
        if let model, ModelCatalogue.entry(named: model) == nil {
            throw ValidationError(
                "There is no model '\(Terminal.plain(model))' in the catalogue. Known are "
                    + "\(ModelCatalogue.names.joined(separator: ", ")).")
        }
        if costs != nil {
            let given = machine.needingMachine + (weights == nil ? [] : ["--weights"])
            if let option = given.first {
                throw ValidationError(
                    "\(option) is of a machine that is not measured; leave it out with --costs.")
            }
        }
        guard machine.reserve == nil || blocks == nil else {
            throw ValidationError("--reserve has no effect on --blocks; give one of them.")
        }
        try requireRange(blocks, "--blocks", ServiceLimits.blocks)
        try requireRange(blockSize, "--block-size", 1...KVCacheLimits.maxBlockSize)
        try requireRange(context, "--context", 1...KVCacheLimits.maxModelLength)
    }
}

/// A short time on the command line: 500us, 2ms, 1s, 0.
struct ShortTime: ExpressibleByArgument, Hashable {
    let seconds: Double

    init?(argument: String) {
        if argument == "0" {
            seconds = 0
            return
        }
        guard let value = ServiceTarget.seconds(argument), value <= 3600 else { return nil }
        seconds = value
    }
}
