import ArgumentParser
import KVCache
import Simulation

/// What sharing is counted for.
struct SharingOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Answers to one prompt (parallel sampling) for which savings are counted.",
            valueName: "n,..."))
    var samples = NumberList([2, 4, 6])

    @Option(
        help: ArgumentHelp(
            "Beams for which savings are counted, of at most "
                + "\(SimulationLimits.beamRequests) requests.", valueName: "n,..."))
    var beams = NumberList([2, 4, 6])

    @Option(
        help: ArgumentHelp(
            "How likely a beam gives way to another in a step, from 0 to 1: the model decides "
                + "that, so here it is drawn.", valueName: "chance"))
    var beamReplacement = 0.03

    @Option(
        help: ArgumentHelp(
            "Put so many tokens that all requests share before their prompts, and run them in "
                + "blocks with the prefix held once.", valueName: "n"))
    var sharedPrefix: Int?

    func validate() throws {
        try samples.check("--samples", 1...SimulationLimits.sharingSequences)
        try beams.check("--beams", 1...SimulationLimits.sharingSequences)
        guard (0...1).contains(beamReplacement) else {
            throw ValidationError("--beam-replacement is \(beamReplacement); it is from 0 to 1.")
        }
        try requirePositive(sharedPrefix, "--shared-prefix")
    }

    /// What samples and beams save.
    ///
    /// - Throws: `KVCacheError` for numbers out of range.
    func rows(
        _ requests: [LengthSample], seed: UInt64, blockSize: Int
    ) throws -> [SharingRow] {
        var rows: [SharingRow] = []
        for count in samples.numbers {
            var sum = SharingSavings()
            for request in requests {
                sum += ParallelSampling(
                    prompt: request.prompt, samples: count, blockSize: blockSize
                ).savings(output: request.output)
            }
            rows.append(SharingRow("samples", count, blockSize: blockSize, sum))
        }
        for count in beams.numbers {
            var sum = SharingSavings()
            var random = SeededRandom(seed: seed)
            let search = BeamSharing(
                width: count, replacement: beamReplacement, blockSize: blockSize)
            for request in requests.prefix(SimulationLimits.beamRequests) {
                sum += try search.savings(
                    prompt: request.prompt, output: request.output, using: &random)
            }
            rows.append(SharingRow("beams", count, blockSize: blockSize, sum))
        }
        return rows
    }

    /// What a shared prefix changes; nil where none was asked for.
    ///
    /// - Throws: when no request has room for it.
    func prefix(
        _ requests: [LengthSample], blockSize: Int, _ simulation: MemorySimulation
    ) throws -> PrefixRow? {
        guard let sharedPrefix else { return nil }
        let prefix = SharedPrefix(tokens: sharedPrefix)
        let longer = prefix.before(requests, longest: simulation.longest)
        guard !longer.isEmpty else {
            throw UnusableTrace(
                name: "--shared-prefix \(sharedPrefix)",
                reason: "no request has room for it in --max-length \(simulation.longest)")
        }
        let apart = try simulation.run(longer, .paged(blockSize: blockSize)).use
        let shared = try prefix.run(longer, blockSize: blockSize, in: simulation).use
        return PrefixRow(
            prefix_tokens: sharedPrefix, block_size: blockSize,
            mean_batch_apart: apart.meanBatch, mean_batch_shared: shared.meanBatch,
            saved: shared.share(shared.saved))
    }
}
