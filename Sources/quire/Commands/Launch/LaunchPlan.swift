/// How a client is started: nothing but words and variables.
struct LaunchPlan {
    let program: String
    let arguments: [String]
    let variables: [(name: String, value: String)]
    let unset: [String]

    init(
        program: String, arguments: [String], variables: [(String, String)], unset: [String]
    ) {
        self.program = program
        self.arguments = arguments
        self.variables = variables.map { (name: $0.0, value: $0.1) }
        self.unset = unset
    }

    /// The same as a command for a shell, a variable a line.
    ///
    /// - Parameters:
    ///   - key: a secret, for which its variable is written.
    ///   - extra: what the client is told besides.
    func shell(hiding key: String?, extra: [String]) -> String {
        var lines: [String] = []
        if !unset.isEmpty || !variables.isEmpty {
            lines.append((["env"] + unset.map { "-u \($0)" }).joined(separator: " "))
        }
        lines += variables.map { name, value in
            value == key && key != nil
                ? "\(name)=\"$\(LaunchServer.keyVariable)\"" : "\(name)=\(Self.quoted(value))"
        }
        lines.append(([program] + arguments + extra).map(Self.quoted).joined(separator: " "))
        return lines.joined(separator: " \\\n    ")
    }

    /// A word as a shell takes it.
    private static func quoted(_ word: String) -> String {
        let plain = "-_./:=@%+,"
        // By scalars, as a shell reads: a quotation mark with an accent is another character.
        let isPlain = word.unicodeScalars.allSatisfy {
            let character = Character($0)
            return $0.isASCII
                && (character.isLetter || character.isNumber || plain.contains(character))
        }
        guard !isPlain || word.isEmpty else { return word }
        return "'" + word.unicodeScalars.map { $0 == "'" ? "'\\''" : String($0) }.joined() + "'"
    }
}
