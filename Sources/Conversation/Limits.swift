/// The bounds of what a request may hold, beside those of the engine.
package enum ConversationLimits {
    /// Prompts of one request, as in the OpenAI interface.
    package static let maxPrompts = 2_048

    /// UTF-8 bytes of a cache salt.
    package static let maxSaltBytes = 1_024

    /// UTF-8 bytes of the `custom_id` of a batch's line.
    package static let maxCustomIDBytes = 1_024

    /// Messages of one conversation.
    package static let maxMessages = 100_000

    /// Tools of one request.
    package static let maxTools = 1_024

    /// UTF-8 bytes of the schemas of all tools of a request, written compactly.
    package static let maxSchemaBytes = 4 << 20

    /// UTF-8 bytes of the name of a tool.
    package static let maxToolNameBytes = 256

    /// Files of a request to fill in a text, beside the text's own.
    package static let maxFillFiles = 1_024

    /// The longest time, in seconds, that a request may ask to be given: a day.
    package static let maxTimeoutSeconds = 86_400.0

    /// Names of parameters that a message lists before it only counts them.
    static let maxListedNames = 16

    /// Characters of a name that a message repeats.
    static let maxListedCharacters = 100

    /// Answers that are kept for `previous_response_id`.
    package static let maxStoredResponses = 1_024

    /// UTF-8 bytes of all of them, each with the whole conversation before it.
    package static let maxStoredResponseBytes = 64 << 20
}
