import ArgumentParser
import Foundation

/// The settings of `quire serve` and where each is from: an option is before a variable, a variable
/// before the file, the file before the default. The first that has a setting has all its values.
struct Configuration {
    /// Where a value is from.
    enum Origin: Hashable, CustomStringConvertible {
        case commandLine
        case variable(String)
        case file(String)
        case standard

        var description: String {
            switch self {
            case .commandLine: "command line"
            case .variable(let name): name
            case .file(let path): path
            case .standard: "default"
            }
        }
    }

    /// A setting that somebody chose or nobody.
    struct Choice: Hashable {
        let setting: Setting
        /// Empty where nobody chose.
        let values: [String]
        let origin: Origin
    }

    /// All settings.
    let choices: [Choice]
    /// What the command line says.
    let given: GivenOptions
    /// The command line with what else was chosen.
    let arguments: [String]

    /// The configuration of a command line; nil where its command has none, or only helps.
    ///
    /// - Throws: for a variable or a key that there is not, and for a file that cannot be read.
    static func of(
        _ arguments: [String],
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws -> Configuration? {
        let (command, path, rest) = UsageAdvice.descend(arguments)
        guard command is any ConfiguredCommand.Type, arguments.first != "help",
            !rest.prefix(while: { $0 != "--" }).contains(where: {
                ["--help", "-h", "--version"].contains($0)
            })
        else { return nil }
        return try Configuration(
            command: command, words: Array(path.dropFirst()), rest: rest, environment)
    }

    private init(
        command: any ParsableCommand.Type, words: [String], rest: ArraySlice<String>,
        _ environment: [String: String]
    ) throws {
        let settings = Setting.all
        let given = GivenOptions(rest, of: command)
        let variables = try Self.variables(environment, settings)
        let file = try Self.file(given, environment, settings)
        let ownsModel = command == ServeCommand.self
        choices = settings.map { setting in
            if setting.kind == .positional, ownsModel, !given.positionals.isEmpty {
                return Choice(
                    setting: setting, values: given.positionals, origin: .commandLine)
            }
            if let values = given.values[setting.name] {
                return Choice(setting: setting, values: values, origin: .commandLine)
            }
            if let values = variables[setting.name] {
                return Choice(
                    setting: setting, values: values, origin: .variable(setting.variable))
            }
            if let file, let values = file.values[setting.name] {
                return Choice(setting: setting, values: values, origin: .file(file.path))
            }
            return Choice(setting: setting, values: [], origin: .standard)
        }
        self.given = given
        let inserted = choices.flatMap { choice -> [String] in
            switch choice.origin {
            case .commandLine, .standard: return []
            case .variable, .file:
                if choice.setting.kind == .positional, !ownsModel {
                    return choice.values.map { "--\(choice.setting.name)=\($0)" }
                }
                return choice.setting.words(choice.values)
            }
        }
        arguments = words + inserted + rest
    }

    /// A message of the parser, and where the values that it names are from.
    func explained(_ message: String) -> String {
        let named = Set(message.split { !($0.isASCII && ($0.isLetter || $0 == "-")) })
        let notes = choices.filter { choice in
            choice.origin != .commandLine && choice.origin != .standard
                && named.contains("--\(choice.setting.name)")
        }
        return notes.reduce(message) {
            $0 + "\n(--\($1.setting.name) is from \(Terminal.plain($1.origin.description)).)"
        }
    }
}

/// A command whose options may also be given by variables and a file.
protocol ConfiguredCommand: AsyncParsableCommand {}
