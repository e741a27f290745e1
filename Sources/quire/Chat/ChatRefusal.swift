/// What could not be done in a conversation, in a sentence for whoever typed it; the conversation
/// is what it was.
struct ChatRefusal: Error, Hashable, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
