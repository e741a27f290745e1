import ArgumentParser

/// `quire simulate`. Each kind of simulation is a subcommand with its own file.
struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Run the engine's own scheduler and cache in pretend time.",
        discussion: """
            quire simulate serve --trace Examples/traces/azure-conversation.csv \\
                --model llama-3.1-8b --device a100-80
            """,
        subcommands: [
            SimulateBatchingCommand.self,
            SimulateBlocksCommand.self,
            SimulateCacheCommand.self,
            SimulateChaosCommand.self,
            SimulateCalibrateCommand.self,
            SimulateFairnessCommand.self,
            SimulateMemoryCommand.self,
            SimulateNotebookCommand.self,
            SimulateServeCommand.self,
        ])
}
