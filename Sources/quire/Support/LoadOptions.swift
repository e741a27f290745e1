public import ArgumentParser
public import ModelFiles
import QuireModels

extension Quantization: ExpressibleByArgument {
    /// By its name, in any case.
    public init?(argument: String) { self.init(argument) }
}

/// How a model is put on this machine.
struct LoadOptions: ParsableArguments {
    @Option(
        name: .long, parsing: .unconditional,
        help: ArgumentHelp("Threads that compute (default: all usable cores).", valueName: "n"))
    var threads: Int?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Round the weights to this format as the model is loaded (default: as its files have "
                + "them).", valueName: "format"))
    var quantize: Quantization?

    @Flag(
        name: .long,
        help: ArgumentHelp(
            "Keep the weights, packed for this processor, in a file beside the installed models, "
                + "and map that at the next start instead of packing again."))
    var repackCache = false

    @Flag(
        name: .long,
        help: ArgumentHelp(
            "Run a model although its file has tensors or hyper-parameters that change what it "
                + "computes and that are not read here: as if they were not there."))
    var ignoreUnread = false

    @Option(
        name: .customLong("experts-in"),
        help: ArgumentHelp(
            "Where experts are kept, of a model that has some: in memory, in its file (a step "
                + "reads those that its tokens choose), or auto: in memory if it holds them.",
            valueName: "place"))
    var experts = ExpertPlacement.automatic

    func validate() throws {
        try requirePositive(threads, "--threads")
    }
}
