/// The bounds of a conversation at the prompt.
enum ChatLimits {
    /// Bytes of a file that a message names by `@path`.
    static let attachedBytes = 1 << 20

    /// Files that one message names.
    static let attachedFiles = 64

    /// Bytes of a conversation that `/load` reads.
    static let conversationBytes = 64 << 20

    /// Characters of a message that a line about it repeats.
    static let quotedCharacters = 60
}
