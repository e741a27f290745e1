import ArgumentParser

/// The command `quire`. Each subcommand has its own file in `Commands`; this list joins them.
struct Quire: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quire",
        abstract: "Runs large language models on this machine, on paged attention.",
        discussion: """
            Bring a model:      quire pull gemma-3-270m
            Look at it:         quire inspect gemma-3-270m
            See what is here:   quire list
            See what it gets:   quire doctor

            Wherever a command wants a model it takes the name of an installed one, or the path \
            of a GGUF file. Answers and data go to stdout, everything else to stderr; with \
            --format json, stdout is JSON and nothing else.

            Models of Ollama, LM Studio, llama.cpp and the Hugging Face hub are found too. \
            Models are kept in $QUIRE_HOME/models, or else $XDG_DATA_HOME/quire/models, or else \
            ~/.local/share/quire/models. Documentation/environment.md has all variables, files \
            and exit codes.

            Shell completions: quire --generate-completion-script bash|zsh|fish
            """,
        version: "0.2.0",
        groupedSubcommands: [
            CommandGroup(
                name: "Answers",
                subcommands: [
                    RunCommand.self,
                    GenerateCommand.self,
                    BatchCommand.self,
                    ServeCommand.self,
                    LaunchCommand.self,
                    PerplexityCommand.self,
                ]),
            CommandGroup(
                name: "Models",
                subcommands: [
                    PullCommand.self,
                    ListCommand.self,
                    InspectCommand.self,
                    ConvertCommand.self,
                    RemoveCommand.self,
                    TokenizeCommand.self,
                    ChatTemplateCommand.self,
                ]),
            CommandGroup(
                name: "Plans",
                subcommands: [
                    PlanCommand.self,
                    SimulateCommand.self,
                ]),
            CommandGroup(
                name: "Measurements",
                subcommands: [
                    BenchCommand.self,
                    DoctorCommand.self,
                ]),
        ])

    // As warnings have it: everything that is said about a run begins alike.
    static let _errorPrefix = "error: "

    /// Runs the command that the arguments name, to its end.
    static func main(_ arguments: [String]?) async {
        let arguments = arguments ?? []
        var configuration: Configuration?
        do {
            try UsageAdvice.checkCommands(arguments)
            configuration = try Configuration.of(arguments)
            var command = try await asyncParseAsRoot(configuration?.arguments ?? arguments)
            // Help is no asynchronous command, and is there whatever the surroundings.
            guard var work = command as? any AsyncParsableCommand else { return try command.run() }
            try Surroundings.check()
            if let configuration, configuration.given.values["print-config"] != nil {
                return configuration.table.forEach { print($0) }
            }
            try await work.run()
        } catch {
            guard exitCode(for: error) == .validationFailure else { exit(withError: error) }
            let message = UsageAdvice.message(for: error, arguments: arguments)
            Terminal.note(configuration?.explained(message) ?? message)
            exit(withError: ExitCode.validationFailure)
        }
    }
}
