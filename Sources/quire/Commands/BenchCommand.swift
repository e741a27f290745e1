import ArgumentParser

/// `quire bench`. Each kind of measurement is a subcommand with its own file.
struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measure this machine and this program.",
        subcommands: [
            BenchLimitsCommand.self, BenchKernelsCommand.self, BenchLatencyCommand.self,
            BenchThroughputCommand.self, BenchAttentionCommand.self,
            BenchSharedPrefixCommand.self, BenchTokenizerCommand.self,
            BenchCompareCommand.self, BenchQualityCommand.self,
        ])
}
