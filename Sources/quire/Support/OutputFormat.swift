import ArgumentParser

/// What a command writes to stdout.
enum OutputFormat: String, CaseIterable, ExpressibleByArgument {
    /// For a person.
    case text
    /// For a program: JSON and nothing else.
    case json
}

/// The option `--format`, the same in every command that has it.
struct OutputOptions: ParsableArguments {
    @Option(name: .long, help: "What stdout gets: text for a person, json for a program.")
    var format: OutputFormat = .text
}
