/// What was entered at the prompt of a conversation.
enum ChatInput: Hashable {
    /// Nothing but space.
    case nothing
    /// A command.
    case command(ChatCommand)
    /// A message to the model, with the texts of the files that it names.
    case message(String)

    /// What begins and ends a message of several lines.
    private static let fence = "\"\"\""

    /// Whether Enter ends a text: one that begins with `"""` goes on up to the next.
    static func isComplete(_ text: String) -> Bool {
        guard let body = fenced(text) else { return true }
        return body.trimmingEnd().hasSuffix(fence)
    }

    /// Reads what was entered.
    ///
    /// - Throws: `ChatRefusal`, for a command that is none or a file that cannot be read.
    init(_ text: String) throws(ChatRefusal) {
        if let body = Self.fenced(text) {
            var message = body.trimmingEnd()
            if message.hasSuffix(Self.fence) { message.removeLast(Self.fence.count) }
            if message.first?.isNewline == true { message.removeFirst() }
            if message.last?.isNewline == true { message.removeLast() }
            self = message.allSatisfy(\.isWhitespace) ? .nothing : .message(String(message))
        } else if text.allSatisfy(\.isWhitespace) {
            self = .nothing
        } else if ChatCommand.isCommand(text) {
            self = .command(try ChatCommand(text))
        } else {
            self = .message(try AttachedFiles.inserted(into: text))
        }
    }

    /// What follows the `"""` that a text begins with; nil: it begins with something else.
    private static func fenced(_ text: String) -> Substring? {
        let text = text.drop(while: \.isWhitespace)
        return text.hasPrefix(fence) ? text.dropFirst(fence.count) : nil
    }
}

extension Substring {
    /// Without the space at the end.
    fileprivate func trimmingEnd() -> Substring {
        var text = self
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
