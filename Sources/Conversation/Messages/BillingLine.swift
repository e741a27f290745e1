import ChatTemplates

/// The line that Claude Code puts before its system prompt for whoever bills it.
///
/// It differs in every request and says nothing to a model; left where it is, no prefix of a prompt
/// would ever be found in the cache.
enum BillingLine {
    private static let start = "x-anthropic-billing-header"

    /// The parts of a system prompt without it.
    static func removed(from parts: [ContentPart]) -> [ContentPart] {
        parts.compactMap { part in
            let text = part.text
            guard text.hasPrefix(start) else { return part }
            guard let end = text.firstIndex(where: \.isNewline) else { return nil }
            let rest = text[text.index(after: end)...]
            return rest.isEmpty ? nil : .text(String(rest))
        }
    }
}
