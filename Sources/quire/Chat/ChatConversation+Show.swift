import ChatTemplates
import QuireEngine

extension ChatConversation {
    /// What `/show` tells: instructions, messages and settings.
    var description: String {
        var lines: [String] = []
        if let system { lines += ["system: \(system)", ""] }
        for message in messages {
            lines.append("\(message.role.rawValue): \(message.text)")
            for call in message.calls { lines.append("  calls \(call.name)(\(call.arguments))") }
            lines.append("")
        }
        if messages.isEmpty { lines += ["Nothing has been said yet.", ""] }
        return (lines + [settings]).joined(separator: "\n")
    }

    /// The settings, on one line.
    var settings: String {
        let thinking = thinks.map { $0 ? "on" : "off" } ?? "default"
        return "temperature \(parameters.temperature), top_p \(parameters.topP), "
            + "top_k \(parameters.topK), min_p \(parameters.minP), "
            + "seed \(parameters.seed.map { "\($0)" } ?? "-1"), "
            + "max_tokens \(parameters.maxTokens.map { "\($0)" } ?? "default"), "
            + "think \(thinking), verbose \(isVerbose ? "on" : "off")"
    }

    /// What `/stats` tells.
    ///
    /// - Parameter context: tokens of the longest conversation.
    func statistics(context: Int) -> String {
        guard let summary else { return "Nothing has been answered yet." }
        return "\(summary)\nconversation: \(messages.count) messages, \(summary.tokens) of the "
            + "context's \(context) tokens"
    }

    /// The beginning of a message, on one line.
    static func quoted(_ text: String) -> String {
        let line = text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        let limit = ChatLimits.quotedCharacters
        return line.count > limit || line.utf8.count < text.utf8.count
            ? line.prefix(limit) + "…" : line
    }
}
