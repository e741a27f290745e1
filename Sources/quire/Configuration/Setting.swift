import ArgumentParser

/// One thing about a server that can be chosen: by an option, a variable or a key of a file, whose
/// names follow from one another (`--max-queue`, `QUIRE_MAX_QUEUE`, `max_queue`).
struct Setting: Hashable {
    /// How it is given on the command line.
    enum Kind: Hashable {
        case positional
        case option
        case flag
    }

    /// The option's long name.
    let name: String
    let kind: Kind
    /// Whether it may have several values.
    let isRepeating: Bool
    /// The value that the parser has for it where nothing is said; nil: none.
    let standard: String?

    /// The name in a file.
    var key: String { name.replacing("-", with: "_") }

    /// The name in the environment.
    var variable: String { Self.prefix + key.uppercased() }

    /// Whether its value must not be shown.
    var isSecret: Bool { name == "api-key" }

    /// What the variables of all settings begin with.
    static let prefix = "QUIRE_"

    /// Options that choose no setting.
    private static let others: Set = [
        "help", "version", "config", "print-config", "parent", "record-steps",
    ]

    /// Everything that can be chosen of `quire serve`, in the order of its help.
    static let all: [Setting] = {
        let arguments = CommandDescription.arguments(of: ServeCommand.self)
        let names = Set(arguments.flatMap(\.longNames))
        return arguments.compactMap { argument in
            if argument.kind == "positional" {
                return Setting(
                    name: argument.valueName ?? "model", kind: .positional, isRepeating: false,
                    standard: argument.defaultValue)
            }
            guard let name = argument.longNames.first, !others.contains(name),
                // The other half of a pair.
                !(name.hasPrefix("no-") && names.contains(String(name.dropFirst(3))))
            else { return nil }
            let isFlag = argument.kind == "flag"
            return Setting(
                name: name, kind: isFlag ? .flag : .option, isRepeating: argument.isRepeating,
                standard: isFlag
                    ? "\(argument.defaultValue == "--\(name)")" : argument.defaultValue)
        }
    }()

    /// The words of a command line that choose these values.
    func words(_ values: [String]) -> [String] {
        switch kind {
        case .positional: values
        case .option: values.map { "--\(name)=\($0)" }
        case .flag:
            values.last == standard ? [] : [values.last == "true" ? "--\(name)" : "--no-\(name)"]
        }
    }
}
