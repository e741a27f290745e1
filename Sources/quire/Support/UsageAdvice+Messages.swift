import KVCache
import ModelStore
import QuireKit
import Scheduling

extension UsageAdvice {
    /// What the options of other engines are called here.
    private static let foreignOptions: [String: String] = [
        "n": "max-tokens", "n-predict": "max-tokens", "predict": "max-tokens",
        "max-new-tokens": "max-tokens", "num-predict": "max-tokens",
        "p": "prompt", "m": "model", "o": "output", "i": "input", "s": "seed", "t": "threads",
        "temp": "temperature", "c": "context", "ctx-size": "context", "num-ctx": "context",
        "max-model-len": "context", "max-num-seqs": "batch", "parallel": "batch",
        "cache-type-k": "kv-dtype", "kv-cache-dtype": "kv-dtype",
        "gpu-memory-utilization": "memory-fraction",
    ]

    /// What an option wants, by what the help calls its value.
    private static let wanted: [String: String] = [
        "n": "a whole number", "k": "a whole number", "ms": "a whole number of milliseconds",
        "n,...": "whole numbers such as 1,2,4", "t": "a number such as 0.7",
        "p": "a number such as 0.9", "share": "a number such as 0.5",
        "size": "a size such as 500MB or 2GB", "time": "a time such as 100ms or 0.1s",
        "rate": "a rate such as 2TB/s",
    ]

    /// What an option wants whose value has the name of others.
    private static let wantedByOption: [String: String] = [
        "flops": "a number such as 312T", "params": "a number such as 7B",
        "tokens-per-second": "a number such as 1500", "rate": "a number such as 2.5",
        "price-per-hour": "a number such as 2.5", "speedup": "a number such as 2",
    ]

    /// The policies, by the option that chooses one.
    private static let policies: [String: [String]] = [
        "order": OrderChoice.all.map(\.name),
        "admission": ["watermark", "reserve", "fixed-watermark"],
        "eviction": EvictionPolicy.all.map(\.name),
    ]

    /// The parser's own message with what would be right; nil where there is nothing to add.
    static func improved(_ message: String, _ arguments: [String]) -> String? {
        if let match = message.firstMatch(of: /^Unknown option '--?([^']+)'/) {
            return unknownOption(String(match.output.0), String(match.output.1), arguments)
        }
        if let match = message.firstMatch(
            of: /^The value '.*' is invalid for '--([a-z-]+) <([^>]+)>'$/.dotMatchesNewlines())
        {
            let option = String(match.output.1)
            let choices = policies[option].map { "one of " + $0.joined(separator: ", ") }
            guard let wanted = choices ?? wantedByOption[option] ?? wanted[String(match.output.2)]
            else { return nil }
            return message + "; give \(wanted)"
        }
        let (_, path, rest) = descend(arguments)
        let words = rest.prefix { !$0.hasPrefix("-") }
        if message.firstMatch(of: /^(Unexpected argument|[0-9]+ unexpected arguments)/) != nil {
            switch path.last {
            case "run": return message + ". Put the prompt in quotes: \(quotedRun(words))"
            case "tokenize": return message + ". \(tokenizeExample(words))"
            default: return nil
            }
        }
        guard message.hasPrefix("Missing expected argument '--model") else { return nil }
        let example =
            path.last == "tokenize"
            ? tokenizeExample(words) : "Such as: \(path.joined(separator: " ")) --model demo"
        return message + ". " + example
    }

    /// The parser's suggestions know neither `--help` nor that letters change places.
    private static func unknownOption(
        _ message: String, _ name: String, _ arguments: [String]
    ) -> String {
        let options = options(of: descend(arguments).command)
        if let here = foreignOptions[name], options.contains(here) {
            return message + ". Did you mean '--\(here)'?"
        }
        // A single letter is near to every short name.
        guard name.count > 1 else { return message }
        let near = NearNames.suggestions(for: name, among: options)
        return near.first.map { message + ". Did you mean '--\($0)'?" } ?? message
    }

    private static func quotedRun(_ words: ArraySlice<String>) -> String {
        guard let first = words.first else { return "quire run demo \"Once upon a time\"" }
        let isModel = first == ModelLocation.demo || (try? ModelStore().find(first)) != nil
        let prompt = isModel ? words.dropFirst() : words
        let model = isModel ? Terminal.plain(first) + " " : ""
        return "quire run \(model)\(quoted(prompt.joined(separator: " ")))"
    }

    private static func tokenizeExample(_ words: ArraySlice<String>) -> String {
        let text = words.isEmpty ? "hello" : words.joined(separator: " ")
        return "Name a model and the text: quire tokenize --model demo --text \(quoted(text))"
    }

    /// A text as it may be typed into any shell.
    private static func quoted(_ text: String) -> String {
        let needsMore = text.isEmpty || text.contains { "\"$`\\!\n".contains($0) }
        return needsMore ? "\"...\"" : "\"\(Terminal.plain(text))\""
    }
}
