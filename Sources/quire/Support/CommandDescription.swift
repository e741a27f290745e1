import ArgumentParser
import FoundationEssentials

/// The parser's own description of a command, as far as it is of use here.
struct CommandDescription: Decodable {
    /// An argument, an option or a flag.
    struct Argument: Decodable {
        struct Name: Decodable {
            let kind: String
            let name: String
        }

        let kind: String
        let names: [Name]?
        let valueName: String?
        let isRepeating: Bool
        let defaultValue: String?

        /// The names after two dashes.
        var longNames: [String] { (names ?? []).filter { $0.kind == "long" }.map(\.name) }
    }

    private struct Command: Decodable {
        let arguments: [Argument]?
    }

    private let command: Command

    /// The arguments of a command, in the order of its help.
    static func arguments(of command: any ParsableCommand.Type) -> [Argument] {
        let text = Data(command._dumpHelp().utf8)
        let description = try? JSONDecoder().decode(Self.self, from: text)
        return description?.command.arguments ?? []
    }
}
