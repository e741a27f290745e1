/// What could not be done in a conversation, in a sentence for whoever typed it; the conversation
/// is what it was.
struct ChatRefusal: Error, Hashable, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

extension ChatRefusal {
    /// What is said where prompt and answer do not fit the context.
    ///
    /// - Parameters:
    ///   - prompt: tokens of the conversation with the new message.
    ///   - context: tokens of the longest conversation.
    ///   - isFirst: whether nothing was said before the message.
    ///   - isLast: whether there is no prompt at which something could be done.
    init(prompt: Int, context: Int, isFirst: Bool, isLast: Bool) {
        let room = "the context of \(context) leaves no room for an answer"
        if isLast {
            self.init("the message has \(prompt) tokens, and \(room) (--context takes more)")
        } else if isFirst {
            self.init(
                "the message has \(prompt) tokens with its instructions, and \(room). Send a "
                    + "shorter one (\u{2191} brings it back), or give quire run a longer --context."
            )
        } else {
            self.init(
                "with this message the conversation has \(prompt) tokens, and \(room). Nothing is "
                    + "lost: /save keeps the conversation. /clear begins a new one, /undo takes "
                    + "the last turn back, and /retry then sends the message again; quire run "
                    + "--context takes more.")
        }
    }
}
