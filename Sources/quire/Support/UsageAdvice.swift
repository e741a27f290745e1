import ArgumentParser
import ModelStore

/// What a mistyped command line was meant to be.
enum UsageAdvice {
    /// Words for commands that other programs have, and what does the same here.
    private static let elsewhere: [String: String] = [
        "version": "quire --version",
        "server": "quire serve",
        "chat": "quire run",
        "complete": "quire generate",
        "show": "quire inspect",
        "info": "quire inspect",
        "models": "quire list",
        "download": "quire pull",
        "install": "quire pull",
        "get": "quire pull",
        "delete": "quire rm",
        "remove": "quire rm",
        "uninstall": "quire rm",
    ]

    /// Refuses the first word that should be a command and is none.
    ///
    /// The parser calls such a word an unexpected argument, and overlooks it where `--help`
    /// follows.
    static func checkCommands(_ arguments: [String]) throws {
        let (command, path, rest) = descend(arguments)
        let commands = command.configuration.subcommands
        guard !commands.isEmpty, let word = rest.first, !word.hasPrefix("-") else { return }
        throw ValidationError(
            "There is no command '\(Terminal.plain(word))'"
                + (path.count > 1 ? " of \(path.joined(separator: " "))." : ".")
                + suggestion(for: word, path: path, among: commands.flatMap(names)))
    }

    private static func suggestion(
        for word: String, path: [String], among names: [String]
    ) -> String {
        if path.count == 1, let command = elsewhere[word.lowercased()] {
            return " What you want is \(command)."
        }
        let near = NearNames.suggestions(for: word, among: names)
        if !near.isEmpty {
            let commands = near.map { (path + [$0]).joined(separator: " ") }
            return " Did you mean \(commands.joined(separator: ", or "))?"
        }
        guard path.count == 1 else { return "" }
        guard word.contains(where: \.isWhitespace) || !ModelStore().names(near: word).isEmpty
        else { return "" }
        return " To have a model continue a text: quire run"
    }

    /// The message for an error of the parser, with what would be right where that can be told.
    static func message(for error: any Error, arguments: [String]) -> String {
        let full = Quire.fullMessage(for: error)
        let brief = Quire.message(for: error)
        guard let better = improved(brief, arguments) else { return full }
        return full.replacing(brief, with: better, maxReplacements: 1)
    }

    /// The command that the first words name, the words, and what follows them.
    static func descend(
        _ arguments: [String]
    ) -> (command: any ParsableCommand.Type, path: [String], rest: ArraySlice<String>) {
        var command: any ParsableCommand.Type = Quire.self
        var path = ["quire"]
        var rest = arguments[...]
        if rest.first == "help" { rest.removeFirst() }
        while let word = rest.first,
            let next = command.configuration.subcommands.first(where: { names($0).contains(word) })
        {
            command = next
            path.append(word)
            rest.removeFirst()
        }
        // What follows is for the command that needs no word, where there is one.
        return (command.configuration.defaultSubcommand ?? command, path, rest)
    }

    private static func names(_ command: any ParsableCommand.Type) -> [String] {
        [command.configuration.commandName].compactMap(\.self) + command.configuration.aliases
    }

    /// The long names of a command's options, `help` among them.
    static func options(of command: any ParsableCommand.Type) -> [String] {
        CommandDescription.arguments(of: command).flatMap(\.longNames)
    }
}
