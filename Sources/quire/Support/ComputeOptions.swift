public import ArgumentParser
public import KVCache
public import QuireModels

extension KVDType: ExpressibleByArgument {}
extension ActivationMode: ExpressibleByArgument {}
extension ExpertPlacement: ExpressibleByArgument {}

/// How numbers are kept and steps are cut, for measurements. Most people need none of it.
struct ComputeOptions: ParsableArguments {
    @Option(
        name: .long, parsing: .unconditional,
        help: ArgumentHelp("Tokens of one block of the KV cache.", valueName: "n"))
    var blockSize = 16

    @Option(
        name: .long, parsing: .unconditional,
        help: ArgumentHelp("Tokens of a prompt that are computed in one step.", valueName: "n"))
    var chunk = 512

    @Option(name: .long, help: "The number format of keys and values.")
    var kvDtype = KVDType.f16

    @Option(
        name: .long,
        help: ArgumentHelp(
            "The precision of the inputs of matrix multiplications: int8 (fast) or float32 (slow, "
                + "for comparison with reference results)."))
    var activations = ActivationMode.int8

    func validate() throws {
        try requirePositive(blockSize, "--block-size")
        try requirePositive(chunk, "--chunk")
    }
}

/// Refuses a number below 1 that was given to an option.
func requirePositive(_ value: Int?, _ name: String) throws {
    guard let value, value < 1 else { return }
    throw ValidationError("\(name) is \(value); it must be at least 1.")
}
