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
        let isPlain = word.allSatisfy {
            $0.isASCII && ($0.isLetter || $0.isNumber || plain.contains($0))
        }
        return isPlain && !word.isEmpty
            ? word : "'" + word.replacing("'", with: "'\\''") + "'"
    }
}
