import ArgumentParser

/// What a command line says, before it is parsed: which options it has, and their values.
struct GivenOptions {
    /// The values of the options that are there, by their long names; `true` and `false` for flags.
    private(set) var values: [String: [String]] = [:]
    /// The words that belong to no option.
    private(set) var positionals: [String] = []
    /// The words of each option as they were typed.
    private(set) var words: [String: [String]] = [:]

    /// - Parameters:
    ///   - arguments: the words after the command's name.
    ///   - command: the command that they are for.
    init(_ arguments: ArraySlice<String>, of command: any ParsableCommand.Type) {
        let known = CommandDescription.arguments(of: command)
        let flags = Set(known.filter { $0.kind == "flag" }.flatMap(\.longNames))
        let options = Set(known.filter { $0.kind == "option" }.flatMap(\.longNames))
        var rest = arguments
        while let word = rest.popFirst() {
            if word == "--" {
                positionals += rest
                break
            }
            guard word.hasPrefix("--") else {
                positionals.append(word)
                continue
            }
            let parts = word.dropFirst(2).split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false
            ).map(String.init)
            let name = parts[0]
            if flags.contains(name) {
                let positive = name.hasPrefix("no-") ? String(name.dropFirst(3)) : name
                let isPair = positive != name && flags.contains(positive)
                values[isPair ? positive : name] = [isPair ? "false" : "true"]
                words[isPair ? positive : name, default: []] += [word]
            } else if parts.count == 2 {
                values[name, default: []].append(parts[1])
                words[name, default: []] += [word]
            } else if options.contains(name), let value = rest.popFirst() {
                values[name, default: []].append(value)
                words[name, default: []] += [word, value]
            }
        }
    }
}
