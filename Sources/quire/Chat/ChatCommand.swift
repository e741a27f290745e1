import ModelStore

/// What a line at the prompt that begins with `/` asks for.
enum ChatCommand: Hashable {
    /// Changes a setting from the next answer on.
    case set(ChatSetting)
    /// Other instructions, or none.
    case system(String?)
    /// Begins a new conversation under the same instructions and settings.
    case clear
    /// Writes the conversation to a file.
    case save(String)
    /// Goes on with the conversation of a file.
    case load(String)
    /// Tells instructions, settings and messages.
    case show
    /// Takes the last message and its answer back.
    case undo
    /// Answers the last message again.
    case retry
    /// Tells what the last answer took.
    case stats
    /// Tells the commands.
    case help
    /// Ends.
    case end

    /// The commands in the order in which `/help` has them.
    private static let list: [(name: String, argument: String, meaning: String)] = [
        ("/set", "NAME VALUE", "a setting: \(ChatSetting.names.joined(separator: ", "))"),
        ("/system", "TEXT", "other instructions for the model; without TEXT none"),
        ("/clear", "", "a new conversation"),
        ("/save", "FILE", "write the conversation to a file"),
        ("/load", "FILE", "go on with the conversation of a file"),
        ("/show", "", "instructions, settings and messages"),
        ("/undo", "", "take the last message and its answer back"),
        ("/retry", "", "answer the last message again"),
        ("/stats", "", "what the last answer took"),
        ("/help", "", "this list, also /?"),
        ("/bye", "", "end, as Ctrl-D does; also /exit"),
    ]

    /// What `/help` tells.
    static var helpText: String {
        let width = 20
        let lines = list.map { name, argument, meaning in
            let left = argument.isEmpty ? name : "\(name) \(argument)"
            return left + String(repeating: " ", count: max(1, width - left.count)) + meaning
        }
        return
            (lines + [
                "\"\"\"                 begins and ends a message of several lines, taken as it is",
                "@path               in a message: the text of that file",
                "Ctrl-C              stops the answer and keeps what was said",
            ]).joined(separator: "\n")
    }

    /// Whether a line is a command: `/` and a word. A path has a second `/` in its first word.
    static func isCommand(_ line: String) -> Bool {
        guard line.first == "/" else { return false }
        let word = line.dropFirst().prefix { !$0.isWhitespace }
        return !word.isEmpty && !word.contains("/")
    }

    /// Reads a line for which `isCommand` holds.
    init(_ line: String) throws(ChatRefusal) {
        let word = String(line.prefix { !$0.isWhitespace })
        let rest = line.dropFirst(word.count).trimming(while: \.isWhitespace)
        let argument = rest.isEmpty ? nil : String(rest)
        switch word.lowercased() {
        case "/set": self = .set(try Self.setting(argument))
        case "/system": self = .system(argument)
        case "/save": self = .save(try Self.file(argument, of: word))
        case "/load": self = .load(try Self.file(argument, of: word))
        default:
            guard let command = Self.plain[word.lowercased()] else { throw Self.unknown(word) }
            guard argument == nil else {
                throw ChatRefusal("\(word) takes nothing behind it. /help lists the commands.")
            }
            self = command
        }
    }

    private static let plain: [String: ChatCommand] = [
        "/clear": .clear, "/show": .show, "/undo": .undo, "/retry": .retry, "/stats": .stats,
        "/help": .help, "/?": .help, "/bye": .end, "/exit": .end,
    ]

    private static func setting(_ argument: String?) throws(ChatRefusal) -> ChatSetting {
        var words = (argument ?? "").split(whereSeparator: \.isWhitespace).map(String.init)
        // `/set parameter NAME VALUE`, as other programs have it.
        if words.first == "parameter" { words.removeFirst() }
        guard let name = words.first, words.count <= 2 else {
            throw ChatRefusal(
                "/set takes a name and a value, such as /set temperature 0.5. The names are "
                    + ChatSetting.names.joined(separator: ", ") + ".")
        }
        return try ChatSetting(name, words.count == 2 ? words[1] : nil)
    }

    private static func file(
        _ argument: String?, of command: String
    ) throws(ChatRefusal) -> String {
        guard let argument else { throw ChatRefusal("\(command) takes the name of a file.") }
        return AttachedFiles.expanded(argument)
    }

    private static func unknown(_ word: String) -> ChatRefusal {
        let near = NearNames.suggestions(
            for: word, among: list.map(\.name) + ["/exit"])
        let advice = near.first.map { " Did you mean \($0)?" } ?? ""
        return ChatRefusal(
            "There is no command \(word).\(advice) /help lists the commands; a message that "
                + "begins with / goes between two \"\"\".")
    }
}

extension Substring {
    /// Without the characters at both ends for which a condition holds.
    func trimming(while holds: (Character) -> Bool) -> Substring {
        var text = drop(while: holds)
        while let last = text.last, holds(last) { text.removeLast() }
        return text
    }
}
