package import ChatTemplates

extension [ChatMessage] {
    /// The conversation without its oldest turn, for requests that would rather lose that than be
    /// refused; nil: there is none that it could do without.
    ///
    /// Instructions at the beginning stay, and so does the last message. Results go with the calls
    /// that they answer.
    ///
    /// - Complexity: O(messages).
    package var withoutOldestTurn: [ChatMessage]? {
        let leading = prefix { $0.role == .system || $0.role == .developer }.count
        var end = leading + 1
        while end < count, self[end].role == .tool { end += 1 }
        guard end < count else { return nil }
        return Array(self[..<leading] + self[end...])
    }
}
